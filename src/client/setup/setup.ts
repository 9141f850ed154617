// Rules between the set-up's fields, so that no edit leaves it in a state that could not be trained.
import { DATA_SETS } from '../../base/data-set.ts'
import { TEXTBOOK_WHITENING } from '../../base/image-config.ts'
import { optimiserOf } from '../../optimisers/index.ts'
import type { RunConfig } from '../../config/run-config.ts'
import { tidyNetwork } from './network-rules.ts'

/** The set-up that a person means: fields that another field rules out are put right. */
export function tidySetup(setup: RunConfig): RunConfig {
  const { train, test } = DATA_SETS[setup.data.set].images
  return {
    ...setup,
    data: {
      set: setup.data.set,
      limitTrain: limitTo(train, setup.data.limitTrain),
      limitTest: limitTo(test, setup.data.limitTest),
      validation: tidyValidation(setup.data, train),
    },
    // A set-up stands for the pair: the network with identity mappings, and the one without.
    network: tidyNetwork({ ...setup.network, identity: true }),
    optimiser: optimiserOf(setup.optimiser.kind).tidy(setup.optimiser),
    evaluateFirst: setup.evaluateFirst && canEvaluateFirst(setup),
    whitening: tidyWhitening(setup),
  }
}

/** An edited set-up, on other images normalised by their own constants where those before were by theirs. */
export function followDataSet(before: RunConfig, edited: RunConfig): RunConfig {
  const [old, pixels] = [DATA_SETS[before.data.set].pixels, DATA_SETS[edited.data.set].pixels]
  const { normalisation } = edited
  const areTheirs =
    normalisation.kind === 'channels' &&
    JSON.stringify([normalisation.mean, normalisation.std]) === JSON.stringify([old.mean, old.std])
  return areTheirs ? { ...edited, normalisation: pixels } : edited
}

/** Before training, a running variance of 0 divides by √ε in every layer: there is no metric to show. */
export function canEvaluateFirst({ network }: Pick<RunConfig, 'network'>): boolean {
  return network.initialisation.runningVariance > 0
}

/** A preset's set-up, on the images that the person is using where the preset's own are not in this browser. */
export function presetSetup(preset: RunConfig, current: RunConfig, isStored: boolean): RunConfig {
  const data = isStored ? preset.data : current.data
  return tidySetup({ ...preset, data, seed: current.seed })
}

/** At least one image is left to train on. */
function tidyValidation(
  { limitTrain, validation }: RunConfig['data'],
  train: number,
): RunConfig['data']['validation'] {
  const most = Math.min(train, limitTrain ?? train) - 1
  if (!validation || most === 0) return null
  return { images: Math.min(validation.images, most) }
}

/** The author's does not go with `image-mean`. */
function tidyWhitening({ whitening, normalisation }: RunConfig): RunConfig['whitening'] {
  const isImpossible = whitening?.kind === 'author' && normalisation.kind === 'image-mean'
  return isImpossible ? TEXTBOOK_WHITENING : whitening
}

function limitTo(images: number, limit: number | null): number | null {
  return limit === null || limit >= images ? null : limit
}
