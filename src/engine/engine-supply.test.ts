import { expect, test } from 'vitest'
import { AppError } from '../base/app-error.ts'
import type { Engine } from './engine.ts'
import { createEngineSupply } from './engine-supply.ts'
import { createTfjsEngine } from './tfjs/tfjs-engine.ts'

const LOST = new AppError('device-lost', 'The graphics device was lost.')

/** Engines on tfjs's CPU backend, which this test can declare lost. */
function supply() {
  const told: string[] = []
  const disposed: Engine[] = []
  const failures: ((error: AppError) => void)[] = []
  const refusals: Error[] = []
  const engines = createEngineSupply({
    async create(onFailure) {
      failures.push(onFailure)
      const refusal = refusals.pop()
      if (refusal) throw refusal
      const engine = await createTfjsEngine({ backend: 'cpu' })
      const made: Engine = {
        ...engine,
        dispose() {
          disposed.push(made)
          engine.dispose()
        },
      }
      return made
    },
    onOpened: () => void told.push('opened'),
    onRefused: () => void told.push('refused'),
    onFailure: () => void told.push('failed'),
  })
  return { engines, told, disposed, refusals, lose: (index: number) => failures[index]?.(LOST) }
}

test('everybody gets the same engine, also while it is opened', async () => {
  const { engines, told } = supply()
  const [one, other] = await Promise.all([engines.get(), engines.get()])
  expect(other).toBe(one)
  expect(await engines.get()).toBe(one)
  expect(told).toEqual(['opened'])
  engines.dispose()
})

test('a failed engine is closed once another is asked for, and its later failures are nobody’s concern', async () => {
  const { engines, told, disposed, lose } = supply()
  const first = await engines.get()
  lose(0)
  expect(disposed).toEqual([])
  const second = await engines.get()
  expect(second).not.toBe(first)
  expect(disposed).toEqual([first])
  lose(0)
  expect(told).toEqual(['opened', 'failed', 'opened'])
  expect(await engines.get()).toBe(second)
  engines.dispose()
  expect(disposed).toEqual([first, second])
})

test('whoever finds an engine failed gets another, and whoever finds it later gets the same other', async () => {
  const { engines } = supply()
  const first = await engines.get()
  const second = await engines.get(first)
  expect(second).not.toBe(first)
  expect(await engines.get(first)).toBe(second)
  engines.dispose()
})

test('where none can be opened, the next to ask tries again', async () => {
  const { engines, told, refusals } = supply()
  refusals.push(new AppError('device-unavailable', 'No GPU.'))
  await expect(engines.get()).rejects.toThrow('No GPU.')
  await engines.get()
  expect(told).toEqual(['refused', 'opened'])
  engines.dispose()
})
