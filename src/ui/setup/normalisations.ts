import { DATA_SET_IDS, DATA_SETS } from '../../contract/data-set.ts'
import type { Normalisation } from '../../contract/run-config.ts'

type Named = {
  readonly id: string
  readonly text: string
  readonly note: string
  readonly normalisation: Normalisation
}

/** What images are commonly normalised with: the training pixels' own statistics, or ImageNet's. */
export const NORMALISATIONS: readonly Named[] = [
  ...DATA_SET_IDS.map((set) => named(set, DATA_SETS[set].title, DATA_SETS[set].pixels)),
  named('imagenet', 'ImageNet, as akamaster', {
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  }),
]

/** The id of one of `NORMALISATIONS`; null for other figures. */
export function nameOfNormalisation({ mean, std }: Normalisation): string | null {
  const figures = JSON.stringify([mean, std])
  const found = NORMALISATIONS.find(
    ({ normalisation }) => JSON.stringify([normalisation.mean, normalisation.std]) === figures,
  )
  return found?.id ?? null
}

function named(id: string, text: string, normalisation: Normalisation): Named {
  const { mean, std } = normalisation
  return { id, text, note: `mean ${mean.join(' ')} · deviation ${std.join(' ')}`, normalisation }
}
