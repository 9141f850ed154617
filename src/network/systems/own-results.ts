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

export const OWN_RESULTS: readonly OwnResult[] = []
