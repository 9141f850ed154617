// What a schedule or a warm-up counts in.
import { z } from 'zod'
import { field } from '../base/kind-fields.ts'

export const unitSchema = z.enum(['epoch', 'iteration'])
export type Unit = z.infer<typeof unitSchema>

/** @param name in a sentence @param label for whoever does not see what stands beside it */
export const unitField = (name: string, label: string) =>
  field(z.enum(unitSchema.options), { name, label, initial: 'epoch', control: { kind: 'time-unit' } })

/** Behind a number. */
export const shortUnit = (unit: unknown) => (unit === 'epoch' ? 'epochs' : 'iter.')

export const stepsIn = (unit: Unit, stepsPerEpoch: number) => (unit === 'epoch' ? stepsPerEpoch : 1)

/** How many of the new unit one of the old is. */
export function unitsPer(from: Unit, to: Unit, stepsPerEpoch: number): number {
  if (from === to) return 1
  return from === 'epoch' ? stepsPerEpoch : 1 / stepsPerEpoch
}

/** `stepsIn` in the PyTorch script, which knows `per_epoch`. */
export const pytorchSteps = (unit: Unit) => (unit === 'epoch' ? 'per_epoch' : '1')
