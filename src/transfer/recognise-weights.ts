// Whose network a safetensors file from elsewhere holds: the names and shapes of its tensors tell.
import { DATA_SET_IDS, DATA_SETS } from '../base/data-set.ts'
import type { ParameterNaming } from '../network/parameter-namings.ts'
import type { NetworkConfig } from '../network/network-config.ts'
import { namingsOf, namesIn } from '../network/rename-parameters.ts'
import { preferredNaming, PRESETS } from '../presets/presets.ts'
import { buildResidualNetwork } from '../network/residual-network.ts'
import type { Preset } from '../presets/system.ts'
import { type NamesUnder, readingsOf } from './tensor-names.ts'
import { holdsExactly, openWeights } from './weights-file.ts'

export type RecognisedWeights = {
  readonly preset: Preset
  /** The preset's, with identity or without. */
  readonly network: NetworkConfig
  readonly classes: number
  /** How many tensors told. */
  readonly tensors: number
  /** False where the same tensors would fit without identity too: a shortcut without parameters leaves no trace. */
  readonly identityKnown: boolean
}

type Candidate = { readonly preset: Preset; readonly classes: number; readonly naming: ParameterNaming }

/**
 * The first preset whose network has exactly a file's tensors; null where none has. Presets with as many classes, and
 * under their own author's names, come before the same networks otherwise.
 * @throws AppError `weights-malformed`
 */
export function recogniseWeights(bytes: Uint8Array, fileName: string): RecognisedWeights | null {
  const file = openWeights(bytes, fileName)
  const all = candidates()
  const readings = readingsOf(file.tensors, [...new Set(all.flatMap(firstNames))])
  for (const candidate of all) {
    const [withIdentity, without] = [fits(readings, candidate, true), fits(readings, candidate, false)]
    if (!withIdentity && !without) continue
    const { preset, classes } = candidate
    return {
      preset,
      network: { ...preset.config.network, identity: withIdentity },
      classes,
      tensors: file.tensors.size,
      identityKnown: withIdentity !== without,
    }
  }
  return null
}

function candidates(): Candidate[] {
  const classCounts = [...new Set(DATA_SET_IDS.map((set) => DATA_SETS[set].classes))]
  return PRESETS.flatMap((preset) =>
    namingsOf(preset.config.network).flatMap((naming) =>
      classCounts.map((classes) => ({ preset, classes, naming })),
    ),
  ).toSorted((a, b) => strangeness(a) - strangeness(b))
}

/** In how many ways a candidate is not what its preset's author would have written. */
function strangeness({ preset: { config }, classes, naming }: Candidate): number {
  return Number(classes !== DATA_SETS[config.data.set].classes) + Number(naming !== preferredNaming(config))
}

/** What a naming calls the tensor that every network begins with. */
const firstNames = ({ preset, naming }: Candidate) => namesIn(naming, preset.config.network)('conv1.weight')

function fits(
  readings: readonly NamesUnder[],
  { preset, classes, naming }: Candidate,
  identity: boolean,
): boolean {
  const network = { ...preset.config.network, identity }
  return holdsExactly(readings, buildResidualNetwork(network, classes), namesIn(naming, network))
}
