import { expect, test } from 'vitest'
import { PRESETS } from '../../network/presets.ts'
import { configDifferences } from '../../runs/config-differences.ts'
import { fieldName } from './field-names.ts'

test('every field in which two presets differ has a name that a person reads', () => {
  const [first, ...others] = PRESETS.map(({ config }) => config)
  if (!first) throw new Error('there is no preset')
  const paths = new Set(others.flatMap((other) => configDifferences(first, other).map(({ path }) => path)))
  expect(paths.size).toBeGreaterThan(15)
  expect([...paths].map(fieldName).filter((name) => name.includes('.'))).toEqual([])
})
