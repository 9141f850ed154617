import { z } from 'zod'
import { numberField } from '../base/kind-fields.ts'

/** Multiplies a rate, and does not raise it. */
export const factorField = () =>
  numberField(z.number().positive().max(1), {
    name: 'factor',
    label: 'Multiply by',
    initial: 0.1,
    min: 1e-6,
    max: 1,
    step: 0.1,
  })
