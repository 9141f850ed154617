// The trainings behind docs/results/: what each is called, and the words of `lab train` that make it.

export type Training = {
  /** Of its file in docs/results/, and the beginning of its run folders' names. */
  readonly name: string
  readonly identity: boolean
  readonly set: 'cifar10' | 'cifar100'
  readonly seeds: readonly number[]
  readonly epochs: number
  /** After `lab train`; seed, epochs, data and identity are added. */
  readonly words: readonly string[]
}

/**
 * One cycle up to a rate, with a weight decay, that a validation split chose (docs/results.md), on all 50,000 images, in
 * batches of 128, with the author's augmentation.
 */
const ONE_CYCLE = ['--schedule', 'one-cycle', '--batch', '128', '--learning-rate', '0.4'].concat(
  '--set',
  'optimiser.weightDecay=0.0005',
)

/** He et al.'s depths, 6n + 2. */
const DEPTHS = [8, 20, 32, 56]

const RESNET_20 = pair('resnet-20', ['akamaster-20', ...ONE_CYCLE], { seeds: [1, 2, 3], epochs: 15 })

const DEPTH = DEPTHS.flatMap((depth) =>
  pair(`depth-${depth}`, ['akamaster-20', '--n', `${(depth - 2) / 6}`, '--width', '8', ...ONE_CYCLE], {
    seeds: [1, 2, 3],
    epochs: 8,
  }),
)

/** In the order in which they are trained. */
export const TRAININGS: readonly Training[] = [...RESNET_20, ...DEPTH]

function pair(
  name: string,
  [preset = '', ...words]: readonly string[],
  { seeds, epochs, set = 'cifar10' }: Pick<Training, 'seeds' | 'epochs'> & { set?: Training['set'] },
): Training[] {
  return [true, false].map((identity) => ({
    name: `${name}-${identity ? 'with' : 'without'}`,
    identity,
    set,
    seeds,
    epochs,
    words: ['--preset', preset, ...words],
  }))
}
