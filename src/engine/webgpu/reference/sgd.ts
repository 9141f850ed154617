import type { OptimiserConfig } from '../../../contract/run-config.ts'

export type SgdValue = { readonly parameter: number; readonly momentum: number }

/** One step of one parameter, by the formulas of torch.optim.SGD (dampening 0); momentum begins as 0. */
export function sgd(
  { parameter, momentum }: SgdValue,
  gradient: number,
  decay: number,
  learningRate: number,
  optimiser: Pick<OptimiserConfig, 'momentum' | 'nesterov'>,
): SgdValue {
  const decayed = gradient + decay * parameter
  const buffer = optimiser.momentum * momentum + decayed
  const direction = optimiser.nesterov ? decayed + optimiser.momentum * buffer : buffer
  return { parameter: parameter - learningRate * direction, momentum: buffer }
}
