import { describe, expect, test } from 'vitest'
import { EMPTY_RECORD } from '../../client/lab-record.ts'
import { SESSION_STATES, type SessionState } from '../../contract/events.ts'
import { obstacle, runCommands, type Situation, formatState } from './run-commands.ts'

const ready: Situation = {
  device: {
    state: 'ready',
    setting: { engine: 'tfjs', threads: null },
    info: {
      engine: 'tfjs',
      backend: 'webgpu',
      adapter: 'GPU',
      software: false,
      activationFormats: ['f32'],
      fallbackReasons: [],
    },
  },
  data: { ...EMPTY_RECORD.dataSets.builtin, state: 'ready' },
  session: null,
  invalidFields: [],
  starting: false,
}

function inState(state: SessionState): Situation {
  return {
    ...ready,
    session: {
      session: 's',
      state,
      phase: null,
      kernels: null,
      notice: null,
      failure: null,
      runs: [],
      isStored: false,
    },
  }
}

const offered = (situation: Situation) =>
  Object.entries(runCommands(situation))
    .filter(([, enabled]) => enabled)
    .map(([name]) => name)

describe('the commands offered', () => {
  test('before the first run are to train, and to take one step', () => {
    expect(offered(ready)).toEqual(['train', 'step'])
  })

  test.each([
    ['preparing', ['pause', 'stop']],
    ['running', ['pause', 'stop']],
    ['evaluating', ['pause', 'stop']],
    ['paused', ['resume', 'step', 'stop', 'extend']],
    ['stopped', ['train']],
    ['finished', ['train', 'extend']],
    ['failed', ['train']],
  ] as const)('in a session that is %s are %j', (state, commands) => {
    expect(offered(inState(state))).toEqual(commands)
  })

  test('are none while a run is being started', () => {
    expect(offered({ ...ready, starting: true })).toEqual([])
  })

  test('are none without the data set, and the obstacle names it', () => {
    const without = { ...ready, data: EMPTY_RECORD.dataSets.cifar10 }
    expect(offered(without)).toEqual([])
    expect(obstacle(without)).toContain('CIFAR-10')
  })

  test('are none while a field of the set-up cannot be read, and the obstacle names it', () => {
    const without = { ...ready, invalidFields: ['Learning rate'] }
    expect(offered(without)).toEqual([])
    expect(obstacle(without)).toBe(
      'Correct “Learning rate” in the set-up, or press Escape there to keep the value from before.',
    )
  })

  test('are there before the device is, for images that the lab draws itself', () => {
    const device = EMPTY_RECORD.device
    expect(offered({ ...ready, device, data: EMPTY_RECORD.dataSets.builtin })).toEqual(['train', 'step'])
    expect(offered({ ...ready, device, data: EMPTY_RECORD.dataSets.cifar10 })).toEqual([])
  })

  test('are none without a device, and the obstacle is its failure', () => {
    const failure = { code: 'device-unavailable' as const, message: 'No GPU.', details: null }
    const without: Situation = { ...ready, device: { state: 'failed', failure } }
    expect(offered(without)).toEqual([])
    expect(obstacle(without)).toBe('No GPU.')
  })
})

test('every state of a session has its own word', () => {
  const words = SESSION_STATES.map((state) => formatState(inState(state)))
  expect(new Set(words).size).toBe(SESSION_STATES.length)
})

test('what is being prepared is said', () => {
  const preparing = inState('preparing')
  const session = preparing.session && { ...preparing.session, phase: 'reading 5,000 images' }
  expect(formatState({ ...preparing, session })).toBe('Preparing: reading 5,000 images')
})
