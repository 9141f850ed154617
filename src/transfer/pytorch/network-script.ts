// A network as PyTorch source, a fold over its config: one class for its blocks, one for the whole, with modules under
// the names that its weights are exported in.
import { IMAGE_CHANNELS } from '../../base/data-set.ts'
import type { ParameterNaming } from '../../network/parameter-namings.ts'
import { blockKind } from '../../network/blocks/index.ts'
import type { BlockStep } from '../../network/blocks/define-block.ts'
import type { NetworkConfig } from '../../network/network-config.ts'
import { namesIn } from '../../network/rename-parameters.ts'
import { hasBias } from '../../network/residual-network.ts'
import { shortcutKind } from '../../network/shortcuts/index.ts'

/** A module: what the naming calls it inside its parent, "conv1" or "block.0", and the expression that makes it. */
type Member = { readonly name: string; readonly python: string }

/** The classes `Block`, `Transition` where a stage's first block is another, and `Network`. */
export function networkScript(config: NetworkConfig, classes: number, naming: ParameterNaming): string {
  const names = namesOf(config, naming)
  const kind = blockKind(config.block)
  const steps = kind.steps(config.block)
  return [
    ...resizingFunction(config),
    ...(kind.first ? [blockClass('Transition', kind.first, names.inBlock, config, 'always')] : []),
    blockClass('Block', steps, names.inBlock, config, kind.first ? 'never' : 'if-changed'),
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

/** The channels that leave a block, in terms of its stage's. */
function outputsOf({ block }: NetworkConfig): string {
  const { expansion } = blockKind(block)
  return expansion === 1 ? 'width' : `${expansion} * width`
}

/** A block's modules: what makes them. */
function membersOf(
  steps: readonly BlockStep[],
  nameOf: (module: string) => string,
  config: NetworkConfig,
): Member[] {
  const members: Member[] = []
  let from = 'inputs'
  for (const step of steps) {
    if (step.layer === 'norm') members.push({ name: nameOf(step.name), python: `BatchNorm(${from})` })
    if (step.layer !== 'conv') continue
    const to = step.expands ? outputsOf(config) : 'width'
    const last = `${step.strided ? 'stride' : '1'}${hasBias(config, step.kernel) ? ', bias=True' : ''}`
    members.push({ name: nameOf(step.name), python: `conv(${from}, ${to}, ${step.kernel}, ${last})` })
    from = to
  }
  return members
}

type Changes = 'always' | 'never' | 'if-changed'

function blockClass(
  name: string,
  steps: readonly BlockStep[],
  nameOf: (module: string) => string,
  config: NetworkConfig,
  changes: Changes,
): string {
  const members = membersOf(steps, nameOf, config)
  const shortcut = config.identity ? shortcutOf(config, nameOf, changes) : { make: [], call: null }
  const lines = steps.flatMap((step) => {
    if (step.layer === 'relu') return ['y = functional.relu(y)']
    if (step.layer === 'add') return shortcut.call === null ? [] : [`y = y + ${shortcut.call}`]
    const call = `${called(nameOf(step.name))}(y)`
    return [step.layer === 'norm' && step.tracksOnly ? call : `y = ${call}`]
  })
  const frozen = steps.flatMap((step) =>
    step.layer === 'norm' && step.tracksOnly
      ? [`${called(nameOf(step.name))}.requires_grad_(False)  # only its statistics are of use`]
      : [],
  )
  return [
    `class ${name}(nn.Module):`,
    ...indented(1, ['def __init__(self, inputs, width, stride):']),
    ...indented(2, ['super().__init__()', ...making(members), ...frozen, ...shortcut.make]),
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
  const first = merged.findIndex((line) => line.startsWith('y = '))
  return merged.map((line, i) => (i <= first ? line.replace('(y)', '(x)') : line))
}

function shortcutOf(config: NetworkConfig, nameOf: (module: string) => string, changes: Changes) {
  const kind = shortcutKind(config.shortcut)
  const outputs = outputsOf(config)
  const isFunction = 'build' in kind
  if (changes === 'never' && !(isFunction && kind.everywhere)) return { make: [], call: 'x' }
  if (isFunction) {
    return {
      make: [`self.outputs, self.stride = ${outputs}, stride`],
      call: 'shortcut(x, self.outputs, self.stride)',
    }
  }
  const members = kind.modules.map((module, i) => ({
    name: nameOf(`shortcut.${i}`),
    python:
      module.layer === 'norm'
        ? `BatchNorm(${outputs})`
        : `conv(inputs, ${outputs}, ${module.kernel}, stride)`,
  }))
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

/** The function of a shortcut without parameters; none where the network's has modules. */
function resizingFunction({ shortcut, identity }: NetworkConfig): string[] {
  const kind = shortcutKind(shortcut)
  if (!identity || !('build' in kind)) return []
  const body = kind
    .pytorch(shortcut)
    .map((line, i, { length }) => (i === length - 1 ? `return ${line}` : line))
  return [['def shortcut(x, outputs, stride):', ...indented(1, body)].join('\n')]
}

function stageFunction(config: NetworkConfig): string {
  const first = blockKind(config.block).first ? 'Transition' : 'Block'
  return [
    'def stage(inputs, width, blocks, stride):',
    ...indented(1, [
      `first = ${first}(inputs, width, stride)`,
      `return nn.Sequential(first, *(Block(${outputsOf(config)}, width, 1) for _ in range(blocks - 1)))`,
    ]),
  ].join('\n')
}

function networkClass(config: NetworkConfig, classes: number, names: ReturnType<typeof namesOf>): string {
  const { stem, stages, head, block, shortcut, identity } = config
  const { expansion } = blockKind(block)
  const bias = hasBias(config, 3) ? ', bias=True' : ''
  const [first, bn, linear] = ['conv1', 'bn1', 'linear'].map(names.top)
  const stageLines = stages.flatMap(({ blocks, channels }, i) => {
    const before = stages[i - 1]
    const inputs = before ? before.channels * expansion : stem.channels
    const name = names.stage(i + 1)
    const shared = identity && 'modules' in shortcutKind(shortcut) ? names.shared(i + 1) : null
    return [
      `self.${name} = stage(${inputs}, ${channels}, blocks=${blocks}, stride=${i === 0 ? 1 : 2})`,
      // One module under two names, as in the author's code.
      ...(shared === null ? [] : [`self.${shared} = self.${name}[0].${names.inBlock('shortcut.0')}`]),
    ]
  })
  const features = (stages.at(-1)?.channels ?? 0) * expansion
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
