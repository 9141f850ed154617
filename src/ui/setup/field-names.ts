/** A config's fields as the page calls them. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  'data.set': 'data set',
  'data.limitTrain': 'training images',
  'data.limitTest': 'test images',
  'network.n': 'blocks per stage',
  'network.width': 'width',
  'network.shortcut': 'shortcut',
  'network.padding': 'padding',
  'optimiser.kind': 'optimiser',
  'optimiser.learningRate': 'learning rate',
  'optimiser.momentum': 'momentum',
  'optimiser.nesterov': 'Nesterov',
  'optimiser.beta1': 'β₁',
  'optimiser.beta2': 'β₂',
  'optimiser.alpha': 'α',
  'optimiser.epsilon': 'ε',
  'optimiser.weightDecay': 'weight decay',
  'optimiser.decays': 'what decays',
  'schedule.kind': 'schedule',
  'schedule.unit': 'schedule’s unit',
  'schedule.milestones': 'milestones',
  'schedule.factor': 'factor',
  'schedule.warmup': 'warm-up',
  'budget.unit': 'length’s unit',
  'budget.amount': 'length',
  batchSize: 'batch size',
  labelSmoothing: 'label smoothing',
  activations: 'format of activations',
  'augmentation.rotation': 'rotation',
  'augmentation.cropPadding': 'crop padding',
  'augmentation.cropReachesEnd': 'the furthest crop',
  'augmentation.flip': 'flip',
  'normalisation.kind': 'normalisation',
  'normalisation.mean': 'channel means',
  'normalisation.std': 'channel deviations',
  seed: 'seed',
}

/** "optimiser.learningRate" → "learning rate" */
export function fieldName(path: string): string {
  return FIELD_NAMES[path] ?? path
}
