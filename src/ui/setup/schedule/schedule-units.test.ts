import { expect, test } from 'vitest'
import { scheduleIn, warmupIn } from './schedule-units.ts'

const EPOCHS = { stepsPerEpoch: 391 }
const STEP = { kind: 'step', unit: 'epoch', milestones: [100, 150], factor: 0.1 } as const

test('milestones in epochs are that many epochs of iterations, and come back', () => {
  const schedule = { ...STEP, milestones: [...STEP.milestones] }
  const iterations = scheduleIn('iteration', schedule, EPOCHS)
  expect(iterations).toEqual({ ...STEP, unit: 'iteration', milestones: [39_100, 58_650] })
  expect(scheduleIn('epoch', iterations, EPOCHS)).toEqual(schedule)
})

test('milestones that fall into one epoch, or into the first, are one or none', () => {
  const schedule = { ...STEP, unit: 'iteration' as const, milestones: [10, 380, 400] }
  expect(scheduleIn('epoch', schedule, EPOCHS)).toMatchObject({ milestones: [1] })
})

test('an exponential decay by iteration comes to the same after an epoch, and back to the same metric', () => {
  const epochs = { kind: 'exponential', unit: 'epoch', rate: 0.01 } as const
  const iterations = scheduleIn('iteration', epochs, EPOCHS)
  if (iterations.kind !== 'exponential') throw new Error('the kind changed')
  expect(iterations.rate * 391).toBeCloseTo(0.01, 12)
  expect(scheduleIn('epoch', iterations, EPOCHS)).toEqual(epochs)
})

test('a warm-up of some iterations is at least one epoch', () => {
  const warmup = { kind: 'linear', unit: 'iteration', length: 40 } as const
  expect(warmupIn('epoch', warmup, EPOCHS)).toEqual({ kind: 'linear', unit: 'epoch', length: 1 })
  expect(warmupIn('iteration', { ...warmup, unit: 'epoch', length: 5 }, EPOCHS).length).toBe(1955)
})
