// A network as PyTorch source, a fold over its config: one class for its blocks, one for the whole, with modules under
// the names that its weights are exported in.
import { IMAGE_CHANNELS } from '../../base/data-set.ts'
import type { ParameterNaming } from '../../network/parameter-namings.ts'
import { BLOCK_EXPANSION, type NetworkConfig } from '../../network/network-config.ts'
import { namesIn } from '../../network/rename-parameters.ts'

/** A module: what the naming calls it inside its parent, "conv1" or "block.0", and the expression that makes it. */
type Member = { readonly name: string; readonly python: string }

/** What a block does to `y`, which begins as its input `x`. */
type Action = { readonly module: string; readonly python: string } | 'relu' | 'add'

/** The classes `Block`, `Transition` where there is one, and `Network`. */
export function networkScript(config: NetworkConfig, classes: number, naming: ParameterNaming): string {
  const names = namesOf(config, naming)
  const isTransition = config.block.kind === 'transition'
  return [
    ...(config.identity && 'padding' in config.shortcut ? [paddedShortcut(config.shortcut)] : []),
    ...(isTransition ? [blockClass('Transition', transition(config), names.inBlock, config, 'always')] : []),
    blockClass('Block', block(config), names.inBlock, config, isTransition ? 'never' : 'if-changed'),
    stageFunction(config),
    networkClass(config, classes, names),
  ].join('\n\n\n')
}

function namesOf(config: NetworkConfig, naming: ParameterNaming) {
  const names = namesIn(naming, config)
  const modules = (module: string) => names(`${module}.weight`).map((name) => name.split('.').slice(0, -1))
  const stage = (i: number) => modules(`layer${i}.0.conv1`)[0]?.[0] ?? ''
  return {
    top: (module: string) => modules(module)[0]?.join('.') ?? module,
    stage,
    /** A stage's first shortcut under its second name, at the top; null where it has one name. */
    shared: (i: number) =>
      modules(`layer${i}.0.shortcut.0`).find(([first]) => first !== stage(i))?.[0] ?? null,
    inBlock: (module: string) =>
      modules(`layer1.0.${module}`)
        .find(([first]) => first === stage(1))
        ?.slice(2)
        .join('.') ?? module,
  }
}

const convolution = (
  module: string,
  from: string,
  to: string,
  kernel: 1 | 3,
  stride: string,
  bias: boolean,
) => ({
  module,
  python: `conv(${from}, ${to}, ${kernel}, ${stride}${bias ? ', bias=True' : ''})`,
})
const norm = (module: string, channels: string) => ({ module, python: `BatchNorm(${channels})` })

function transition({ convolutionBias }: NetworkConfig): Action[] {
  const bias = convolutionBias === 'all'
  return [
    convolution('conv1', 'inputs', 'width', 3, 'stride', bias),
    norm('bn1', 'width'),
    'relu',
    convolution('conv2', 'width', 'width', 3, '1', bias),
    'add',
  ]
}

function block({ block: { kind, ...rest }, convolutionBias }: NetworkConfig): Action[] {
  const bias = convolutionBias === 'all'
  const end: Action[] = 'reluAfterAdd' in rest && !rest.reluAfterAdd ? ['add'] : ['add', 'relu']
  const wide = `${BLOCK_EXPANSION.bottleneck} * width`
  switch (kind) {
    case 'basic':
      return [
        convolution('conv1', 'inputs', 'width', 3, 'stride', bias),
        norm('bn1', 'width'),
        'relu',
        convolution('conv2', 'width', 'width', 3, '1', bias),
        norm('bn2', 'width'),
        ...end,
      ]
    case 'bottleneck':
      return [
        convolution('conv1', 'inputs', 'width', 1, '1', convolutionBias !== 'none'),
        norm('bn1', 'width'),
        'relu',
        convolution('conv2', 'width', 'width', 3, 'stride', bias),
        norm('bn2', 'width'),
        'relu',
        convolution('conv3', 'width', wide, 1, '1', convolutionBias !== 'none'),
        norm('bn3', wide),
        ...end,
      ]
    case 'transition':
      return [
        norm('bn1', 'inputs'),
        'relu',
        convolution('conv1', 'inputs', 'width', 3, 'stride', bias),
        norm('bn2', 'width'),
        'relu',
        convolution('conv2', 'width', 'width', 3, '1', bias),
        'add',
        norm('bn3', 'width'),
        'relu',
      ]
    default:
      return kind satisfies never
  }
}

type Changes = 'always' | 'never' | 'if-changed'

function blockClass(
  name: string,
  actions: readonly Action[],
  nameOf: (module: string) => string,
  config: NetworkConfig,
  changes: Changes,
): string {
  const modules = actions.filter((action) => typeof action === 'object')
  const members = modules.map(({ module, python }) => ({ name: nameOf(module), python }))
  const shortcut = config.identity ? shortcutOf(config, nameOf, changes) : { make: [], call: null }
  const lines = actions.flatMap((action) => {
    if (action === 'relu') return ['y = functional.relu(y)']
    if (action === 'add') return shortcut.call === null ? [] : [`y = y + ${shortcut.call}`]
    return [`y = ${called(nameOf(action.module))}(y)`]
  })
  return [
    `class ${name}(nn.Module):`,
    ...indented(1, ['def __init__(self, inputs, width, stride):']),
    ...indented(2, ['super().__init__()', ...making(members), ...shortcut.make]),
    '',
    ...indented(1, ['def forward(self, x):']),
    ...indented(2, [...tidied(lines), 'return y']),
  ].join('\n')
}

/** `y = f(y)` on the block's input first, and a ReLU round what comes before it. */
function tidied(lines: readonly string[]): string[] {
  const merged: string[] = []
  for (const line of lines) {
    const before = merged.at(-1)
    const wraps = line === 'y = functional.relu(y)' && before?.startsWith('y = self.')
    if (wraps) merged[merged.length - 1] = `y = functional.relu(${before?.slice('y = '.length)})`
    else merged.push(line)
  }
  return merged.map((line, i) => (i === 0 ? line.replace('(y)', '(x)') : line))
}

function shortcutOf(
  { shortcut, block: { kind } }: NetworkConfig,
  nameOf: (module: string) => string,
  changes: Changes,
) {
  const outputs = BLOCK_EXPANSION[kind] === 1 ? 'width' : `${BLOCK_EXPANSION[kind]} * width`
  if (changes === 'never') return { make: [], call: 'x' }
  if ('padding' in shortcut) {
    return {
      make: [`self.outputs, self.stride = ${outputs}, stride`],
      call: 'shortcut(x, self.outputs, self.stride)',
    }
  }
  const members = [
    {
      name: nameOf('shortcut.0'),
      python: `conv(inputs, ${outputs}, ${shortcut.kind === 'conv3x3-bn' ? 3 : 1}, stride)`,
    },
    ...(shortcut.kind === 'conv1x1' ? [] : [{ name: nameOf('shortcut.1'), python: `BatchNorm(${outputs})` }]),
  ]
  const call = `self.${members[0]?.name.split('.')[0]}(x)`
  if (changes === 'always') return { make: making(members), call }
  return {
    make: [
      `self.changes = stride == 2 or inputs != ${outputs}`,
      'if self.changes:',
      ...indented(1, making(members)),
    ],
    call: `(${call} if self.changes else x)`,
  }
}

function paddedShortcut(shortcut: {
  kind: 'subsample-pad' | 'avgpool-pad'
  padding: 'end' | 'centre'
}): string {
  const halved = shortcut.kind === 'subsample-pad' ? 'x[:, :, ::2, ::2]' : 'functional.avg_pool2d(x, 2)'
  return [
    'def shortcut(x, outputs, stride):',
    ...indented(1, [
      `x = ${halved} if stride == 2 else x`,
      'missing = outputs - x.shape[1]',
      `before = ${shortcut.padding === 'centre' ? 'missing // 2' : '0'}`,
      'return functional.pad(x, (0, 0, 0, 0, before, missing - before))',
    ]),
  ].join('\n')
}

function stageFunction({ block: { kind } }: NetworkConfig): string {
  const inputs = BLOCK_EXPANSION[kind] === 1 ? 'width' : `${BLOCK_EXPANSION[kind]} * width`
  return [
    'def stage(inputs, width, blocks, stride):',
    ...indented(1, [
      `first = ${kind === 'transition' ? 'Transition' : 'Block'}(inputs, width, stride)`,
      `return nn.Sequential(first, *(Block(${inputs}, width, 1) for _ in range(blocks - 1)))`,
    ]),
  ].join('\n')
}

function networkClass(config: NetworkConfig, classes: number, names: ReturnType<typeof namesOf>): string {
  const {
    stem,
    stages,
    head,
    block: { kind },
    shortcut,
    identity,
  } = config
  const bias = config.convolutionBias === 'all' ? ', bias=True' : ''
  const [first, bn, linear] = ['conv1', 'bn1', 'linear'].map(names.top)
  const stageLines = stages.flatMap(({ blocks, channels }, i) => {
    const before = stages[i - 1]
    const inputs = before ? before.channels * BLOCK_EXPANSION[kind] : stem.channels
    const name = names.stage(i + 1)
    const shared = identity && !('padding' in shortcut) ? names.shared(i + 1) : null
    return [
      `self.${name} = stage(${inputs}, ${channels}, blocks=${blocks}, stride=${i === 0 ? 1 : 2})`,
      // One module under two names, as in the author's code.
      ...(shared === null ? [] : [`self.${shared} = self.${name}[0].${names.inBlock('shortcut.0')}`]),
    ]
  })
  const features = (stages.at(-1)?.channels ?? 0) * BLOCK_EXPANSION[kind]
  const pool = head.pool === 'average' ? 'x.mean((2, 3))' : 'functional.max_pool2d(x, 4).flatten(1)'
  return [
    'class Network(nn.Module):',
    ...indented(1, ['def __init__(self):']),
    ...indented(2, [
      'super().__init__()',
      ...making([
        { name: first ?? '', python: `conv(${IMAGE_CHANNELS}, ${stem.channels}, 3${bias})` },
        { name: bn ?? '', python: `BatchNorm(${stem.channels})` },
      ]),
      ...stageLines,
      `self.${linear} = nn.Linear(${features}, ${classes}${head.bias ? '' : ', bias=False'})`,
    ]),
    '',
    ...indented(1, ['def forward(self, x):']),
    ...indented(2, [
      `x = functional.relu(${called(bn ?? '')}(${called(first ?? '')}(x)))`,
      ...(stem.dropout > 0 ? [`x = functional.dropout2d(x, ${stem.dropout}, self.training)`] : []),
      ...stages.map((_, i) => `x = self.${names.stage(i + 1)}(x)`),
      `return self.${linear}(${pool})`,
    ]),
  ].join('\n')
}

/** Statements that make modules; those of one sequence together, with a ReLU wherever its numbers leave a gap. */
function making(members: readonly Member[]): string[] {
  const sequences = new Map<string, Map<number, string>>()
  const lines = new Map<string, string>()
  for (const { name, python } of members) {
    const [top = '', position] = name.split('.')
    if (position === undefined) lines.set(top, `self.${top} = ${python}`)
    else {
      const parts = sequences.get(top) ?? new Map<number, string>()
      sequences.set(top, parts.set(Number(position), python))
      const last = Math.max(...parts.keys())
      const all = Array.from({ length: last + 1 }, (_, i) => parts.get(i) ?? 'nn.ReLU()')
      lines.set(top, `self.${top} = nn.Sequential(${all.join(', ')})`)
    }
  }
  return [...lines.values()]
}

/** "block.0" is `self.block[0]`. */
const called = (name: string) => `self.${name.replace(/\.(\d+)$/, '[$1]')}`

const indented = (levels: number, lines: readonly string[]) =>
  lines.map((line) => '    '.repeat(levels) + line)
