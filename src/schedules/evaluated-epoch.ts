/** What one set of images says of a network. */
type Metrics = { readonly loss: number; readonly accuracy: number }

export type EvaluatedEpoch = {
  /** Steps taken until then; 0 where the run was evaluated before the first. */
  readonly step: number
  /** Null where no images are set aside. */
  readonly validation: Metrics | null
  readonly test: Metrics
}

/** The metrics by which epochs of a run are told apart: of the validation images where there are some. */
export function selectionMetrics<Measured extends Metrics>(epoch: {
  readonly validation: Measured | null
  readonly test: Measured
}): Measured {
  return epoch.validation ?? epoch.test
}
