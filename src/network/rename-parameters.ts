// Parameter names: the Graph's are akamaster's; a naming renames its modules as another author's code names them.
import { blockKind } from './blocks/index.ts'
import { type ParameterNaming, PARAMETER_NAMINGS } from './parameter-namings.ts'
import type { NetworkConfig } from './network-config.ts'

/** The Graph's own names. */
export const OWN_NAMING: ParameterNaming = 'akamaster'

/** A module of the Graph, "layer2.0.conv1", and what the author calls it; twice where the author’s code holds it twice. */
type Rule = readonly [RegExp, string | readonly [string, string]]

type Naming = {
  /** Whether the author’s code has such networks. */
  readonly supports: (network: NetworkConfig) => boolean
  readonly rules: (network: NetworkConfig) => readonly Rule[]
}

const beginsWithTransition = (block: NetworkConfig['block']) => blockKind(block).first !== undefined

const isPadded = ({ shortcut }: NetworkConfig) =>
  shortcut.kind === 'subsample-pad' || shortcut.kind === 'avgpool-pad'

const NAMINGS: Readonly<Record<ParameterNaming, Naming>> = {
  akamaster: { supports: () => true, rules: () => [[/^(.*)$/, '$1']] },
  iavicenna: {
    supports: ({ block, shortcut, convolutionBias, head }) =>
      beginsWithTransition(block) && shortcut.kind === 'conv1x1' && convolutionBias !== 'all' && head.bias,
    rules: () => [
      [/^conv1$/, 'conv1'],
      [/^bn1$/, 'batchNorm1'],
      // One shared module: a name at the top level, and one in its block.
      [/^layer(\d+)\.0\.shortcut\.0$/, ['downsample$1', 'resLayer$1.0.downsample']],
      [/^layer(\d+\.\d+\.conv\d)$/, 'resLayer$1'],
      [/^layer(\d+\.\d+)\.bn(\d)$/, 'resLayer$1.batchNorm$2'],
      [/^linear$/, 'full1'],
    ],
  },
  mbsariyildiz: {
    supports: (network) =>
      !beginsWithTransition(network.block) &&
      isPadded(network) &&
      network.convolutionBias !== 'all' &&
      !network.head.bias,
    rules: ({ block }) => [
      [/^conv1$/, 'layer0.0'],
      [/^bn1$/, 'layer0.1'],
      ...(block.kind === 'bottleneck' ? BOTTLENECK_BY_NAME : BASIC_BY_POSITION),
      [/^linear$/, 'fc'],
    ],
  },
  'zhenye-na': {
    supports: ({ block, shortcut, convolutionBias, head }) =>
      block.kind === 'basic' && shortcut.kind === 'conv3x3-bn' && convolutionBias !== 'all' && head.bias,
    rules: ({ stages }) => [
      [/^conv1$/, 'conv1'],
      [/^bn1$/, 'bn'],
      ...stages.flatMap((_, i): Rule[] => [
        [new RegExp(`^layer${i + 1}\\.(\\d+)\\.shortcut\\.(\\d)$`), `conv${i + 2}_x.$1.downsample.$2`],
        [new RegExp(`^layer${i + 1}\\.(\\d+\\.(?:conv|bn)\\d)$`), `conv${i + 2}_x.$1`],
      ]),
      [/^linear$/, 'fc_layer'],
    ],
  },
  drgripa1: {
    supports: (network) =>
      network.block.kind === 'basic' &&
      isPadded(network) &&
      network.convolutionBias === 'all' &&
      network.head.bias,
    rules: () => [
      [/^conv1$/, 'conv'],
      [/^bn1$/, 'bn'],
      [/^layer(\d+\.\d+\.(?:conv|bn)\d)$/, 'block$1'],
      [/^linear$/, 'fc'],
    ],
  },
}

const BOTTLENECK_BY_NAME: readonly Rule[] = [[/^(layer\d+\.\d+\.(?:conv|bn)\d)$/, '$1']]

/** conv – BN – ReLU – conv – BN in one sequence. */
const BASIC_BY_POSITION: readonly Rule[] = [
  [/^(layer\d+\.\d+)\.conv1$/, '$1.block.0'],
  [/^(layer\d+\.\d+)\.bn1$/, '$1.block.1'],
  [/^(layer\d+\.\d+)\.conv2$/, '$1.block.3'],
  [/^(layer\d+\.\d+)\.bn2$/, '$1.block.4'],
]

/** The namings whose authors' code has such networks; akamaster's, which are this lab's own names, first. */
export function namingsOf(network: NetworkConfig): ParameterNaming[] {
  return PARAMETER_NAMINGS.filter((naming) => NAMINGS[naming].supports(network))
}

/**
 * What a naming calls the Graph's tensors.
 * @returns a function from a tensor's name to the author's one or two names for it
 * @throws Error for a naming that does not support the network, or a tensor that the network does not have
 */
export function namesIn(
  naming: ParameterNaming,
  network: NetworkConfig,
): (tensor: string) => readonly string[] {
  const { supports, rules } = NAMINGS[naming]
  if (!supports(network)) throw new Error(`${naming} has no names for such a network`)
  const list = rules(network)
  return (tensor) => {
    const dot = tensor.lastIndexOf('.')
    const [module, leaf] = [tensor.slice(0, dot), tensor.slice(dot)]
    const rule = list.find(([pattern]) => pattern.test(module))
    if (!rule) throw new Error(`${naming} has no name for ${tensor}`)
    const [pattern, names] = rule
    return [names].flat().map((name) => module.replace(pattern, name) + leaf)
  }
}
