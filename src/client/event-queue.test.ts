import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SessionState, TrainEvent } from '../contract/events.ts'
import { createEventQueue } from './event-queue.ts'

let batches: (readonly TrainEvent[])[]
let queue: ReturnType<typeof createEventQueue>

beforeEach(() => {
  vi.useFakeTimers()
  batches = []
  queue = createEventQueue((events) => batches.push(events))
})
afterEach(() => vi.useRealTimers())

const line = (text: string): TrainEvent => ({ kind: 'log', run: null, at: 0, level: 'info', text })
const steps = (run: string, step: number): TrainEvent => ({
  kind: 'steps',
  run,
  points: [{ step, loss: 1, accuracy: 0, learningRate: 0.1 }],
})
const session = (state: SessionState): TrainEvent => ({
  kind: 'session',
  session: 's',
  state,
  phase: null,
  kernels: null,
  notice: null,
  failure: null,
  runs: [],
})

test('metrics wait for a quarter of a second and come together, in order', () => {
  queue.push(line('one'))
  vi.advanceTimersByTime(200)
  queue.push(line('two'))
  expect(batches).toEqual([])
  vi.advanceTimersByTime(50)
  expect(batches).toEqual([[line('one'), line('two')]])
})

test('a session’s change is handed over at once, after all that came before it', () => {
  queue.push(line('one'))
  queue.push(session('paused'))
  expect(batches).toEqual([[line('one'), session('paused')]])
  vi.advanceTimersByTime(1_000)
  expect(batches).toHaveLength(1)
})

test('between training and evaluating the page is drawn no more often than for metrics', () => {
  for (let epoch = 0; epoch < 100; epoch++) {
    queue.push(session('evaluating'))
    queue.push(session('running'))
  }
  expect(batches).toEqual([])
  vi.advanceTimersByTime(250)
  expect(batches).toHaveLength(1)
})

test('a run’s steps that wait become one event, apart from the other run’s', () => {
  for (const step of [1, 2, 3]) {
    queue.push(steps('a', step))
    queue.push(steps('b', step))
  }
  vi.advanceTimersByTime(250)
  const [events] = batches
  expect(
    events?.map((event) => event.kind === 'steps' && [event.run, event.points.map(({ step }) => step)]),
  ).toEqual([
    ['a', [1, 2, 3]],
    ['b', [1, 2, 3]],
  ])
})
