// What a published system is: its presets, its source and what its author reports.
import type { ParameterNaming } from '../network/parameter-namings.ts'
import type { RunConfig } from '../config/run-config.ts'

export type Preset = {
  readonly id: string
  /** Within its system: "ResNet-20". */
  readonly title: string
  /** What a person should know before picking it; null where the system's words say it all. */
  readonly note: string | null
  readonly config: RunConfig
}

/** A row of an author's table: one preset, with or without identity. */
export type ReportedRow = {
  readonly preset: string
  readonly identity: boolean
  /** Top-1, on the preset's test images, in %. */
  readonly testAccuracy: number
  /** The author's own results in the author's own units, one for each column. */
  readonly cells: readonly string[]
}

export type System = {
  readonly id: string
  readonly title: string
  readonly source: { readonly name: string; readonly url: string }
  /** What it is, in two or three sentences. */
  readonly about: string
  readonly reported: {
    readonly columns: readonly string[]
    readonly rows: readonly ReportedRow[]
    /** What else the author says of these results. */
    readonly note: string | null
  }
  /** Where this lab does otherwise than the source, or reads something into it; each a sentence. */
  readonly differences: readonly string[]
  /** The author's parameter names. */
  readonly naming: ParameterNaming
  readonly presets: readonly Preset[]
}

/** What every system's recipe shares; each overrides the rest. */
export const RECIPE_BASE = {
  version: 3,
  data: { set: 'cifar10', limitTrain: null, limitTest: null, validation: null },
  warmup: null,
  evaluateFirst: false,
  labelSmoothing: 0,
  activations: 'f32',
  augmentation: { rotation: 0, cropPadding: 4, cropReachesEnd: true, flip: true },
  seed: 1,
} as const satisfies Partial<RunConfig>

/** An error of 8.75 % is an accuracy of 91.25 %, without the digits of binary fractions. */
export const accuracyOf = (error: number) => Number((100 - error).toFixed(3))

// What no author's code has, or has otherwise, in the words of a system's differences.
export const NO_SWITCH =
  'The author’s code has no switch for identity mappings. Ours removes every shortcut, downsampling included, and nothing else.'
export const OWN_DRAWS =
  'Initial values, orders of images and augmentation follow the author’s distributions, but are drawn by this lab’s generator.'
export const RUNNING_ACCURACY =
  'Training loss and accuracy are means over an epoch’s steps, while the weights move.'
export const NO_BIAS_GRADIENT =
  'has no effect, and its gradient is zero but for rounding errors: this lab takes it as zero.'
