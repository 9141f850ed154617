import { expect, test } from 'vitest'
import { type RunConfig, runConfigSchema } from '../config/run-config.ts'
import { heNetwork } from '../presets/he.ts'
import { PRESETS } from '../presets/presets.ts'
import { paceOf, queueSeconds, runWork, sessionSeconds } from './run-work.ts'
import { runEntry } from '../testing/runs/run-entry.ts'

const preset = runConfigSchema.parse(PRESETS[0]?.config)
/** 100 images in batches of 25, tested on 40. */
const CONFIG: RunConfig = {
  ...preset,
  data: { set: 'builtin', limitTrain: 100, limitTest: 40, validation: null },
  network: heNetwork({ n: 3 }),
  batchSize: 25,
  budget: { unit: 'epoch', amount: 2 },
}
/** ResNet-20 on 32 × 32 pixels: 40.55 million multiplications and additions, two operations each. */
const FORWARD = 2 * 40.55e6

test('a run’s work is three passes of each image trained on, and one of each image tested', () => {
  expect(runWork(CONFIG) / (FORWARD * (3 * 200 + 2 * 40))).toBeCloseTo(1, 3)
  const half = { ...CONFIG, budget: { unit: 'iteration', amount: 2 } } as const
  expect(runWork(half) / (FORWARD * (3 * 50 + 40))).toBeCloseTo(1, 3)
  const early = runWork({ ...CONFIG, evaluateFirst: true }) - runWork(CONFIG)
  expect(early / (FORWARD * 40)).toBeCloseTo(1, 3)
})

test('the same network takes as long as it was measured to, and a pair twice as long as either', () => {
  const alone = paceOf([CONFIG], 50)
  const pair = paceOf([CONFIG, CONFIG], 50)
  if (alone === null || pair === null) throw new Error('no pace')
  expect(pair).toBe(2 * alone)
  const seconds = (steps: number) =>
    sessionSeconds(
      { runs: [runEntry({ run: 'r', session: 's', config: CONFIG, steps, totalSteps: 8 })] },
      alone,
    )
  // 200 images at 50 a second, and 80 that are only tested, at a third of the work.
  expect(seconds(0)).toBeCloseTo(200 / 50 + 80 / 150, 6)
  expect(seconds(4)).toBeCloseTo(seconds(0) / 2, 6)
  expect(paceOf([CONFIG], null)).toBeNull()
  expect(paceOf([], 50)).toBeNull()
})

test('the queue’s time is that of all its sessions, the one in training as it was measured', () => {
  const waiting = (session: string) => ({
    session,
    isBegun: false,
    runs: [runEntry({ run: session, session, config: CONFIG })],
  })
  const pace = runWork(CONFIG) / 10
  const queue = [waiting('one'), waiting('two')]
  expect(queueSeconds(queue, null, null)).toBeNull()
  expect(queueSeconds(queue, pace, null)).toBeCloseTo(20, 6)
  expect(queueSeconds(queue, pace, { session: 'one', secondsLeft: 3 })).toBeCloseTo(13, 6)
  expect(queueSeconds(queue, pace, { session: 'one', secondsLeft: null })).toBeCloseTo(20, 6)
  expect(queueSeconds(queue, pace, { session: 'by hand', secondsLeft: 3 })).toBeCloseTo(23, 6)
})
