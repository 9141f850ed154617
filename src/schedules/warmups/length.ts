// The length of a warm-up in epochs or iterations.
import { z } from 'zod'
import { numberField } from '../../base/kind-fields.ts'
import { shortUnit, type Unit, unitsPer } from '../unit.ts'

const MOST_UNITS = 1_000_000

export const lengthField = (initial: number) =>
  numberField(z.int().min(1).max(MOST_UNITS), {
    name: 'warm-up',
    label: 'Warm-up length',
    initial,
    min: 1,
    max: MOST_UNITS,
    whole: true,
    unit: ({ values }) => shortUnit(values['unit']),
  })

export function inUnit<Config extends { readonly unit: Unit; readonly length: number }>(
  config: Config,
  unit: Unit,
  stepsPerEpoch: number,
): Config {
  const length = Math.round(config.length * unitsPer(config.unit, unit, stepsPerEpoch))
  return { ...config, unit, length: Math.min(MOST_UNITS, Math.max(1, length)) }
}
