import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventually } from '../../scripts/testing/eventually.ts'
import type { Failure } from '../base/app-error.ts'
import type { TrainEvent } from '../contract/events.ts'
import { createWorkerClient, type WorkerClient } from './worker-client.ts'

// The other end of a real message channel stands in for the worker and says what a test has it say.
let worker: MessagePort
let client: WorkerClient
const heard: unknown[] = []
const events: TrainEvent[] = []
const failures: Failure[] = []

beforeEach(() => {
  const channel = new MessageChannel()
  worker = channel.port2
  worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => heard.push(data))
  client = createWorkerClient(channel.port1, {
    onEvent: (event) => events.push(event),
    onFailure: (failure) => failures.push(failure),
  })
  channel.port1.start()
  worker.start()
})

afterEach(() => {
  worker.close()
  for (const list of [heard, events, failures]) list.length = 0
})

test('a call resolves with its own reply, in whatever order replies come', async () => {
  const first = client.call({ kind: 'import-data', files: [] })
  const second = client.call({ kind: 'pause', session: 's' })
  await eventually(() => expect(heard).toHaveLength(2))
  expect(heard).toEqual([
    { id: 1, command: { kind: 'import-data', files: [] } },
    { id: 2, command: { kind: 'pause', session: 's' } },
  ])
  worker.postMessage({ kind: 'done', id: 2, value: null })
  worker.postMessage({ kind: 'done', id: 1, value: { sets: ['cifar10'] } })
  expect(await second).toBeNull()
  expect(await first).toEqual({ sets: ['cifar10'] })
})

test('a failure of the worker’s reaches the caller with its code and sentence', async () => {
  const call = client.call({ kind: 'stop', session: 's' })
  const failure = { code: 'session-unknown', message: 'There is no session s.', details: 'at dispatch' }
  worker.postMessage({ kind: 'failed', id: 1, failure })
  await expect(call).rejects.toMatchObject({ code: 'session-unknown', message: 'There is no session s.' })
  expect(failures).toEqual([])
})

test('a reply of the wrong form fails the call', async () => {
  const call = client.call({ kind: 'import-data', files: [] })
  worker.postMessage({ kind: 'done', id: 1, value: { set: 'mnist' } })
  await expect(call).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining('import-data'),
  })
})

test('events are handed over, whatever calls are under way', async () => {
  const event: TrainEvent = { kind: 'steps', run: 'r', points: [] }
  worker.postMessage(event)
  await eventually(() => expect(events).toEqual([event]))
  expect(failures).toEqual([])
})

test.each([
  ['a message of no known kind', { kind: 'gossip' }],
  ['an event with a field of the wrong type', { kind: 'steps', run: 7, points: [] }],
  ['a reply that nobody asked for', { kind: 'done', id: 99, value: null }],
  ['nothing', null],
])('%s is reported, not believed', async (_what, message) => {
  worker.postMessage(message)
  await eventually(() => expect(failures).toHaveLength(1))
  expect(failures[0]).toMatchObject({ code: 'internal', message: expect.stringContaining('Reload the page') })
  expect(events).toEqual([])
})

test('a worker that dies fails every call that waits and every later one, and is reported once', async () => {
  const waiting = client.call({ kind: 'pause', session: 's' })
  client.end('it met an error', 'ReferenceError: x is not defined')
  client.end('it met another')
  await expect(waiting).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining('it met an error'),
  })
  await expect(client.call({ kind: 'pause', session: 's' })).rejects.toThrow('it met an error')
  expect(failures).toHaveLength(1)
  expect(failures[0]?.details).toContain('ReferenceError')
})
