import { expect, test } from 'vitest'
import { runConfigSchema } from '../../config/run-config.ts'
import { PRESETS } from '../../presets/presets.ts'
import { configOf, SIDES } from '../../runs/pair.ts'
import { runEntry } from '../../testing/runs/run-entry.ts'
import { queueHint, formatQueue, formatSession, formatSweep } from './format-queue.ts'

test('a session is named by its network, its sides, and what it trains on', () => {
  const config = {
    ...runConfigSchema.parse(PRESETS.find(({ id }) => id === 'akamaster-20')?.config),
    seed: 3,
    budget: { unit: 'epoch', amount: 1 } as const,
  }
  const runs = SIDES.map((side) =>
    runEntry({ run: `s-${side}`, session: 's', config: configOf(side, config) }),
  )
  expect(formatSession({ runs })).toEqual({
    title: 'ResNet-20, 16 channels: A and B',
    detail: 'seed 3, 1 epoch of 50,000 images of CIFAR-10',
  })
  expect(formatSession({ runs: runs.slice(1) }).title).toBe('ResNet-20, 16 channels: B, without identity')
})

const byHand = { isQueued: false, isPaused: false }
const ofQueue = { isQueued: true, isPaused: false }

test.each([
  [{ state: 'going', waiting: 0, inTraining: null }, 'Queue empty', /^none$/],
  [{ state: 'held', waiting: 0, inTraining: null }, 'Queue paused · queue empty', /^none$/],
  [{ state: 'held', waiting: 1, inTraining: null }, 'Queue paused · 1 queued', /^none$/],
  [
    { state: 'held', waiting: 2, inTraining: ofQueue },
    'Queue paused · 2 queued',
    /^The current session finishes/,
  ],
  [{ state: 'going', waiting: 2, inTraining: ofQueue }, 'Running · 2 queued', /pause the queue first/],
  [
    { state: 'going', waiting: 2, inTraining: byHand },
    '2 queued · waiting for the current session',
    /^none$/,
  ],
  [
    { state: 'going', waiting: 2, inTraining: { isQueued: true, isPaused: true } },
    'Session paused · 2 queued',
    /Stop ends/,
  ],
  [
    { state: 'elsewhere', waiting: 2, inTraining: null },
    'The queue is running in another tab · 2 queued',
    /^none$/,
  ],
] as const)('%o: %s', (situation, words, hint) => {
  expect(formatQueue(situation)).toBe(words)
  expect(queueHint(situation) ?? 'none').toMatch(hint)
})

test('a sweep says how many sessions it adds', () => {
  expect(formatSweep({ sides: ['a', 'b'], seeds: 3, depths: [8, 14, 20] }, 1)).toBe(
    '9 sessions of 2 runs: 8, 14 and 20 layers, seeds 1 to 3.',
  )
  expect(formatSweep({ sides: ['a'], seeds: 1, depths: [] }, 5)).toBe('1 session of 1 run: seed 5.')
})
