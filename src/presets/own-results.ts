// What this lab's own runs from the command line came to, beside what the authors report.

export type OwnResult = {
  readonly preset: string
  readonly identity: boolean
  /** Runs that differ in their seed only. */
  readonly seeds: number
  /** How long each was trained, and on what: "10 epochs of 10,000 training images". */
  readonly budget: string
  /** Top-1, in %, of the last epoch: the mean over seeds and its standard deviation, null for a single seed. */
  readonly testAccuracy: { readonly mean: number; readonly deviation: number | null }
  /** What else it depends on: test images, what the config differs in from the preset, device, commit. */
  readonly conditions: string
}

/** docs/results.md */
const EARLIER = '6a5d5ef'
const LATER = '4f16790'

const conditionsAt = (commit: string, size = '8 channels', on = 'llvmpipe, 2026-11-28') =>
  `${size}, 10,000 training and 2,000 test images, batch 32, one cycle; ${on}, commit ${commit}`

/** Over two seeds, 2 epochs. */
function deep(identity: boolean, mean: number, deviation: number): OwnResult {
  const budget = '2 epochs of 10,000 training images'
  const conditions = conditionsAt(`${EARLIER} and ${LATER}`)
  return { preset: 'akamaster-56', identity, seeds: 2, budget, testAccuracy: { mean, deviation }, conditions }
}

/** Of one seed. */
function single(
  preset: string,
  epochs: number,
  [withIdentity, without]: readonly [number, number],
  commit: string,
  size?: string,
  on?: string,
): OwnResult[] {
  return [true, false].map((identity) => ({
    preset,
    identity,
    seeds: 1,
    budget: `${epochs} epochs of 10,000 training images`,
    testAccuracy: { mean: identity ? withIdentity : without, deviation: null },
    conditions: conditionsAt(commit, size, on),
  }))
}

export const OWN_RESULTS: readonly OwnResult[] = [
  ...single('akamaster-20', 3, [47.25, 38.1], EARLIER),
  deep(true, 38.63, 1.45),
  deep(false, 15.6, 3.68),
  ...single('drgripa1-20', 3, [52.2, 39.2], EARLIER),
  ...single('iavicenna-14', 3, [59, 52.25], 'f7525a0', undefined, 'CPU engine, 2026-12-01'),
  ...single('mbsariyildiz-10', 3, [52.35, 47.95], LATER),
  ...single('zhenye-na', 3, [46.85, 47.7], LATER, '8 channels, one block a stage'),
]
