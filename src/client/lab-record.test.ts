import { describe, expect, test } from 'vitest'
import type { Evaluation } from '../contract/evaluation.ts'
import type { SessionState, TrainEvent } from '../contract/events.ts'
import type { RunConfig } from '../config/run-config.ts'
import { configOf, type Side } from '../runs/pair.ts'
import { pointsOfColumns } from '../runs/step-columns.ts'
import { runEntry } from '../testing/runs/run-entry.ts'
import { defaultSetup } from './setup/default-setup.ts'
import { applyEvent, EMPTY_RECORD } from './lab-record.ts'
import { bestEpoch, type RunRecord } from './session/run-record.ts'
import { isActive } from './session/session-record.ts'
import { LOG_LINES } from './session/session-slice.ts'

const setup = defaultSetup(null)

function sessionEvent(
  session: string,
  sides: readonly Side[],
  { state = 'running', config = setup }: { state?: SessionState; config?: RunConfig } = {},
): TrainEvent {
  const runs = sides.map((side) => ({
    run: `${session}-${side}`,
    config: configOf(side, config),
    failure: null,
  }))
  return { kind: 'session', session, state, phase: null, kernels: null, notice: null, failure: null, runs }
}

function stepsEvent(run: string, ...steps: number[]): TrainEvent {
  const points = steps.map((step) => ({ step, loss: 2 / step, accuracy: 0.5, learningRate: 0.1 }))
  return { kind: 'steps', run, points }
}

function epochEvent(run: string, epoch: number, accuracy: number): TrainEvent {
  const evaluation: Evaluation = {
    total: 100,
    correct: accuracy * 100,
    accuracy,
    loss: 1,
    confusion: [],
    perClass: [],
  }
  return {
    kind: 'epoch',
    run,
    epoch,
    step: epoch * 10,
    at: epoch * 1000,
    train: { loss: 1, accuracy: 0.5 },
    validation: null,
    test: evaluation,
    answers: { labels: Uint8Array.of(0, 1), predicted: Uint8Array.of(0, epoch) },
  }
}

function progressEvent(session: string, step: number): TrainEvent {
  return {
    kind: 'progress',
    session,
    progress: {
      step,
      totalSteps: 100,
      epoch: 1,
      totalEpochs: 10,
      stepInEpoch: step,
      stepsPerEpoch: 10,
      imagesPerSecond: 12.5,
      secondsElapsed: 1,
      secondsLeft: 9,
      evaluated: null,
    },
  }
}

const stepsOf = (run: RunRecord | null) => run && pointsOfColumns(run.steps).map(({ step }) => step)

const after = (...events: TrainEvent[]) => events.reduce(applyEvent, EMPTY_RECORD)

describe('a session', () => {
  test('puts the run with identity in A and the one without in B', () => {
    const { runs } = after(sessionEvent('s', ['a', 'b']))
    expect(runs.a?.run).toBe('s-a')
    expect(runs.b?.run).toBe('s-b')
  })

  test('keeps its runs’ metrics when its state changes', () => {
    const record = after(
      sessionEvent('s', ['a']),
      stepsEvent('s-a', 1),
      sessionEvent('s', ['a'], { state: 'paused' }),
    )
    expect(record.session?.state).toBe('paused')
    expect(stepsOf(record.runs.a)).toEqual([1])
  })

  test('begins with the progress of nobody else', () => {
    const record = after(sessionEvent('s', ['a']), progressEvent('s', 7), sessionEvent('t', ['a']))
    expect(record.progress).toBeNull()
  })

  test('takes no progress from a session that has ended', () => {
    const record = after(sessionEvent('s', ['a']), sessionEvent('t', ['a']), progressEvent('s', 7))
    expect(record.progress).toBeNull()
  })

  test('leaves the pace that was measured to the next, and is measured by the runs that it trains', () => {
    const alone = after(sessionEvent('s', ['a']), progressEvent('s', 7))
    const pair = after(sessionEvent('s', ['a', 'b']), progressEvent('s', 7), sessionEvent('t', ['a']))
    expect(alone.pace).toBeGreaterThan(0)
    // Shortcuts without parameters cost nothing that is counted.
    expect(pair.pace).toBe(2 * (alone.pace ?? Number.NaN))
    expect(after(sessionEvent('s', ['a'])).pace).toBeNull()
  })

  test('of B alone leaves the A that is its pair beside it', () => {
    const { runs, session } = after(sessionEvent('s', ['a']), stepsEvent('s-a', 1), sessionEvent('t', ['b']))
    expect(stepsOf(runs.a)).toHaveLength(1)
    expect(runs.b?.run).toBe('t-b')
    expect(session?.runs).toEqual(['t-b'])
  })

  test('of B alone takes away an A that was trained otherwise', () => {
    const other = { ...setup, seed: setup.seed + 1 }
    const { runs } = after(sessionEvent('s', ['a']), sessionEvent('t', ['b'], { config: other }))
    expect(runs.a).toBeNull()
    expect(runs.b?.config.seed).toBe(other.seed)
  })

  test.each([
    ['preparing', true],
    ['running', true],
    ['evaluating', true],
    ['paused', true],
    ['stopped', false],
    ['finished', false],
    ['failed', false],
  ] as const)('that is %s counts as active: %s', (state, active) => {
    expect(isActive(after(sessionEvent('s', ['a'], { state })).session)).toBe(active)
  })
})

describe('metrics', () => {
  test('go to their own run, in the order of arrival', () => {
    const { runs } = after(
      sessionEvent('s', ['a', 'b']),
      stepsEvent('s-a', 1, 2),
      stepsEvent('s-b', 1),
      stepsEvent('s-a', 3),
    )
    expect(stepsOf(runs.a)).toEqual([1, 2, 3])
    expect(stepsOf(runs.b)).toEqual([1])
  })

  test('of a run that is no longer shown are dropped', () => {
    const record = after(sessionEvent('t', ['a']))
    expect(applyEvent(record, stepsEvent('s-a', 1))).toBe(record)
  })

  test('leave the other run’s object as it was, so that its charts need no redrawing', () => {
    const record = after(sessionEvent('s', ['a', 'b']))
    expect(applyEvent(record, stepsEvent('s-a', 1)).runs.b).toBe(record.runs.b)
  })

  test('do not change what was read before', () => {
    const before = after(sessionEvent('s', ['a']), stepsEvent('s-a', 1))
    applyEvent(before, stepsEvent('s-a', 2))
    expect(stepsOf(before.runs.a)).toHaveLength(1)
  })

  test('of steps after a checkpoint are void once the run goes on from it', () => {
    const before = after(
      sessionEvent('s', ['a', 'b']),
      stepsEvent('s-a', 1, 2, 3),
      stepsEvent('s-b', 1, 2, 3),
      epochEvent('s-a', 1, 0.5),
      { kind: 'rewound', run: 's-a', step: 2 },
    )
    expect(stepsOf(before.runs.a)).toEqual([1, 2])
    expect(before.runs.a?.epochs).toEqual([])
    expect(stepsOf(before.runs.b)).toHaveLength(3)
  })

  test('of an epoch that went on after its evaluation replace those before', () => {
    const record = after(
      sessionEvent('s', ['a']),
      epochEvent('s-a', 1, 0.5),
      epochEvent('s-a', 1, 0.6),
      epochEvent('s-a', 2, 0.7),
    )
    expect(record.runs.a?.epochs.map(({ test: { accuracy } }) => accuracy)).toEqual([0.6, 0.7])
  })

  test('keep the answers to the test images of the newest epoch alone', () => {
    const record = after(sessionEvent('s', ['a']), epochEvent('s-a', 1, 0.5), epochEvent('s-a', 2, 0.6))
    expect(record.runs.a?.epochs.map(({ answers }) => answers?.predicted)).toEqual([
      undefined,
      Uint8Array.of(0, 2),
    ])
  })

  test('know the best epoch, the earliest of equals', () => {
    const { runs } = after(
      sessionEvent('s', ['a']),
      epochEvent('s-a', 1, 0.4),
      epochEvent('s-a', 2, 0.6),
      epochEvent('s-a', 3, 0.6),
      epochEvent('s-a', 4, 0.5),
    )
    expect(runs.a && bestEpoch(runs.a)?.epoch).toBe(2)
  })
})

test('a log line is labelled with its run’s side', () => {
  const line: TrainEvent = { kind: 'log', run: 's-b', at: 1, level: 'info', text: 'epoch 1' }
  const { log } = after(sessionEvent('s', ['a', 'b']), line, { ...line, run: null })
  expect(log.map(({ side }) => side)).toEqual(['b', null])
})

test('the log keeps its newest lines', () => {
  const lines = Array.from({ length: LOG_LINES + 5 }, (_, i): TrainEvent => {
    return { kind: 'log', run: null, at: i, level: 'info', text: `line ${i}` }
  })
  const { log } = after(...lines)
  expect(log).toHaveLength(LOG_LINES)
  expect(log[0]?.text).toBe('line 5')
})

describe('what a run came to', () => {
  const first = [sessionEvent('s', ['a', 'b']), epochEvent('s-a', 1, 0.5), epochEvent('s-a', 2, 0.4)]
  const other = { ...setup, seed: setup.seed + 1 }

  test('is its last and best test accuracy, and how long it was trained', () => {
    expect(after(...first).results).toEqual([
      {
        run: 's-a',
        config: configOf('a', setup),
        epochs: 2,
        steps: 20,
        last: 0.4,
        best: 0.5,
        testImages: 100,
      },
    ])
  })

  test('is kept when another session takes its place', () => {
    const record = after(...first, sessionEvent('t', ['a'], { config: other }), epochEvent('t-a', 1, 0.6))
    expect(record.runs.a?.run).toBe('t-a')
    expect(record.results.map(({ run, best }) => [run, best])).toEqual([
      ['s-a', 0.5],
      ['t-a', 0.6],
    ])
  })

  test('goes back with the run to its checkpoint', () => {
    const rewound = (step: number): TrainEvent => ({ kind: 'rewound', run: 's-a', step })
    expect(after(...first, rewound(10)).results).toMatchObject([{ epochs: 1, last: 0.5 }])
    expect(after(...first, rewound(0)).results).toEqual([])
  })
})

describe('a run that is deleted', () => {
  const deleted = (run: string, deletedAt: number | null = 1): TrainEvent => ({
    kind: 'run-entry',
    entry: runEntry({ run, session: 's', config: setup, deletedAt }),
  })
  const shown = (state: SessionState, ...events: TrainEvent[]) =>
    [sessionEvent('s', ['a', 'b'], { state }), progressEvent('s', 3), ...events].reduce(
      applyEvent,
      EMPTY_RECORD,
    )

  test('is shown no longer, and its session goes with the last of its runs', () => {
    const one = shown('finished', deleted('s-a'))
    expect([one.runs.a, one.runs.b?.run, one.session?.runs]).toEqual([null, 's-b', ['s-b']])
    const none = shown('finished', deleted('s-a'), deleted('s-b'))
    expect([none.runs, none.session, none.progress]).toEqual([{ a: null, b: null }, null, null])
  })

  test('is shown while it is not deleted, or another is, or its session is in training', () => {
    for (const record of [
      shown('finished', deleted('s-a', null)),
      shown('finished', deleted('other')),
      shown('running', deleted('s-a')),
    ]) {
      expect(record.runs.a?.run).toBe('s-a')
    }
  })
})
