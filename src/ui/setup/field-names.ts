import { fieldForms, type Fields } from '../../base/kind-fields.ts'
import { BLOCKS } from '../../network/blocks/index.ts'
import { SHORTCUTS } from '../../network/shortcuts/index.ts'
import { OPTIMISERS } from '../../optimisers/index.ts'
import { SCHEDULES } from '../../schedules/index.ts'
import { WARMUPS } from '../../schedules/warmups/index.ts'

/** Of every kind of a part of the config: kinds that share a field call it alike. */
const namesOf = (part: string, kinds: readonly { readonly fields: Fields }[]) =>
  Object.fromEntries(
    kinds.flatMap(({ fields }) =>
      fieldForms(fields).map(([field, { name }]): [string, string] => [`${part}.${field}`, name]),
    ),
  )

/** A config's fields as the page calls them. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  'data.set': 'data set',
  'data.limitTrain': 'training images',
  'data.limitTest': 'test images',
  'data.validation': 'validation images',
  'data.validation.images': 'validation images',
  'network.stem.channels': 'stem channels',
  'network.stem.dropout': 'stem dropout',
  'network.stages': 'stages',
  'network.block.kind': 'blocks',
  ...namesOf('network.block', BLOCKS),
  'network.shortcut.kind': 'shortcut',
  ...namesOf('network.shortcut', SHORTCUTS),
  'network.convolutionBias': 'convolution biases',
  'network.head.pool': 'pool',
  'network.head.bias': 'linear bias',
  'network.initialisation.weights': 'initial weights',
  'network.initialisation.linear': 'initial linear weights',
  'network.initialisation.linearBias': 'initial linear bias',
  'network.initialisation.scale': 'initial γ',
  'network.initialisation.runningVariance': 'initial running variance',
  'optimiser.kind': 'optimiser',
  'schedule.kind': 'schedule',
  warmup: 'warm-up',
  'warmup.kind': 'warm-up',
  ...namesOf('optimiser', OPTIMISERS),
  ...namesOf('schedule', SCHEDULES),
  ...namesOf('warmup', WARMUPS),
  'budget.unit': 'length unit',
  'budget.amount': 'length',
  evaluateFirst: 'evaluate before training',
  batchSize: 'batch size',
  labelSmoothing: 'label smoothing',
  activations: 'activation format',
  'augmentation.rotation': 'rotation',
  'augmentation.cropPadding': 'random-crop padding',
  'augmentation.cropReachesEnd': 'largest crop offset',
  'augmentation.flip': 'random horizontal flip',
  'normalisation.kind': 'normalisation',
  'normalisation.mean': 'channel means',
  'normalisation.std': 'channel standard deviations',
  whitening: 'whitening',
  'whitening.kind': 'whitening',
  'whitening.epsilon': 'whitening ε',
  seed: 'seed',
}

/** "optimiser.learningRate" → "learning rate" */
export const fieldName = (path: string) => FIELD_NAMES[path] ?? path

/** Each name once: ["optimiser.learningRate"] → ["learning rate"]. */
export const fieldNames = (paths: readonly string[]) => [...new Set(wholePaths(paths).map(fieldName))]

/** Without the parts of what became another kind of thing: a normalisation of another kind has other parts. */
export function wholePaths(paths: readonly string[]): string[] {
  const changed = new Set(paths)
  const isPart = (path: string) => {
    const whole = path.slice(0, path.lastIndexOf('.'))
    return !path.endsWith('.kind') && (changed.has(`${whole}.kind`) || changed.has(whole))
  }
  return paths.filter((path) => !isPart(path))
}
