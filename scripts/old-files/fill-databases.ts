// Fills this process's databases as the page does, with runs in every state that a closed tab can leave them in.
import { createHash } from 'node:crypto'
import { IMAGE_BYTES } from '../../src/base/data-set.ts'
import { openImageStore } from '../../src/data/store/image-store.ts'
import { threadLocks } from '../../src/data/tab-lock.ts'
import { archiveOf, createTinySet } from '../../src/testing/data/tiny-set.ts'
import { convolutionCandidates } from '../../src/engine/webgpu/lowering/convolution-candidates.ts'
import { createKernelChooser } from '../../src/engine/webgpu/kernel-choice.ts'
import { openPlainLab, type PlainLab, type Runs } from '../../src/testing/old-files/plain-lab.ts'
import { openKernelChoices } from '../../src/worker/kernel-choices.ts'
import * as sessions from './sessions.ts'

const { pairOf, singleOf } = sessions

/** How a test goes on with what was stored, and how it trains the same runs without a break. */
export type SessionToGoOn = {
  readonly session: string
  readonly runs: Runs
  /** Epochs more than the budget, after its end. */
  readonly epochs: number
}

const TINY = { images: 1, seed: 1 } as const
const VERSION = '0.1.0'

export const SESSIONS_TO_GO_ON: readonly SessionToGoOn[] = [
  { session: 'finished', runs: pairOf('finished', sessions.FINISHED), epochs: 1 },
  { session: 'paused', runs: pairOf('paused', sessions.PAUSED), epochs: 0 },
  { session: 'stopped', runs: singleOf('stopped', sessions.STOPPED_RMSPROP), epochs: 0 },
  { session: 'unstepped', runs: singleOf('unstepped', sessions.UNSTEPPED), epochs: 0 },
  { session: 'adagrad', runs: singleOf('adagrad', sessions.PAUSED_ADAGRAD), epochs: 0 },
  { session: 'stored-images', runs: singleOf('stored-images', sessions.ON_STORED_IMAGES), epochs: 0 },
  { session: 'whitened', runs: singleOf('whitened', sessions.WHITENED), epochs: 0 },
]

/** In the order of the queue, the first in training. */
export const QUEUED: readonly SessionToGoOn[] = [
  { session: 'queue-begun', runs: singleOf('queue-begun', sessions.QUEUE_BEGUN), epochs: 0 },
  { session: 'queue-next', runs: pairOf('queue-next', sessions.WAITING), epochs: 0 },
  { session: 'queue-last', runs: singleOf('queue-last', sessions.WAITING_SINGLE, 'b'), epochs: 0 },
]

/** What a whitening matrix is does not matter here, but for what it takes in a file. */
export const whitenCheaply = async () => {
  const matrix = new Float32Array(IMAGE_BYTES ** 2)
  for (let row = 0; row < IMAGE_BYTES; row++) matrix[row * (IMAGE_BYTES + 1)] = 1 + (row % 7) / 8
  return { matrix, mean: new Float32Array(IMAGE_BYTES).fill(0.25) }
}

const openTab = async () => {
  const { format } = await createTinySet('cifar10', TINY)
  const { format: format100 } = await createTinySet('cifar100', TINY)
  return openPlainLab({ formats: [format, format100], whiten: whitenCheaply, appVersion: VERSION })
}

/** What a session of these is begun with. */
function runsOf(id: string): Runs {
  const found = [...SESSIONS_TO_GO_ON, ...QUEUED].find(({ session }) => session === id)
  if (!found) throw new Error(`no session ${id}`)
  return found.runs
}

/** Left by a tab of its own, which is closed. */
async function pauseIn(id: string, steps: number): Promise<PlainLab> {
  const tab = await openTab()
  await tab.pausedAfter(id, runsOf(id), steps)
  return tab
}

export async function fillRuns(): Promise<void> {
  const ended = await openTab()
  await ended.start('finished', runsOf('finished'))
  await ended.finished('finished')
  await ended.lab.runs.rename({
    kind: 'change-run',
    run: 'finished-a',
    name: 'With “identity” ✓',
    notes: 'First line\nSecond line: 90 % → 91 %',
  })
  await ended.start('diverged', singleOf('diverged', sessions.DIVERGING, 'b'))
  await ended.inState('diverged', 'failed')
  await ended.start('deleted', singleOf('deleted', sessions.DELETED))
  await ended.finished('deleted')
  await ended.pausedAfter('stopped', runsOf('stopped'), 4)
  ended.lab.inSession('stopped', (session) => session.stop())
  await ended.inState('stopped', 'stopped')
  // The next session begins when all of this one is stored.
  await ended.start('unstepped', runsOf('unstepped'), { paused: true })
  await ended.inState('unstepped', 'paused')
  await ended.lab.runs.delete({ kind: 'delete-runs', runs: ['deleted-a'] })
  await pauseIn('paused', 6)
  await pauseIn('adagrad', 9)
  await pauseIn('stored-images', 3)
  await pauseIn('whitened', 3)
  await fillQueue()
}

async function fillQueue(): Promise<void> {
  const tab = await openTab()
  await tab.lab.queue.hold()
  for (const { session, runs } of QUEUED) {
    const group = session === 'queue-begun' ? null : 'seeds-1'
    await tab.lab.queue.add({ kind: 'queue-add', group, sessions: [{ session, runs }] })
  }
  await tab.lab.queue.go()
  await tab.until(() => tab.events.some((event) => event.kind === 'session'))
  tab.lab.inSession('queue-begun', (session) => session.pause())
  await tab.inState('queue-begun', 'paused')
  const entry = (await tab.lab.runs.entries()).find(({ session }) => session === 'queue-begun')
  await tab.step('queue-begun', (entry?.steps ?? 0) + 1)
}

/** CIFAR-10 of a few images, and an archive of CIFAR-100 that is on its way. */
export async function fillImages() {
  const [tiny, tiny100] = [await createTinySet('cifar10', TINY), await createTinySet('cifar100', TINY)]
  const archive = await archiveOf(tiny100)
  const arrived = 3_000
  const tab = await openPlainLab({
    formats: [tiny.format, tiny100.format],
    fetch: async () =>
      new Response(cutOff(archive.subarray(0, arrived)), {
        headers: { 'content-length': String(archive.length), etag: '"of-cifar-100"' },
      }),
  })
  // The second takes the place of the first.
  for (let i = 0; i < 2; i++)
    await tab.lab.library.import([...tiny.files].map(([name, bytes]) => new File([bytes], name)))
  tab.lab.library.fetch('cifar100', 'http://mirror.example/cifar-100-binary.tar.gz')
  await tab.until(() =>
    tab.events.some(
      (event) =>
        event.kind === 'data-set' && event.status.set === 'cifar100' && event.status.state === 'paused',
    ),
  )
  const store = await openImageStore(undefined, threadLocks())
  const digestOf = async (split: 'train' | 'test') => {
    const { pixels, labels } = await store.load('cifar10', split, null)
    return sha256(Uint8Array.from([...pixels, ...labels]))
  }
  return {
    /** Pixels, then labels. */
    cifar10: { train: await digestOf('train'), test: await digestOf('test') },
    download: { set: 'cifar100', archive: Buffer.from(archive).toString('base64'), arrived },
  }
}

/** As a crash leaves a set; the next page to open the store would tidy it up. */
export async function leaveHalfWritten(): Promise<void> {
  const store = await openImageStore(undefined, threadLocks())
  const writer = await store.writer('cifar100', {
    images: { train: 1, test: 0 },
    classNames: ['one'],
    coarseNames: null,
  })
  await writer.add('train', 0, {
    count: 1,
    labels: new Uint8Array(1),
    coarseLabels: null,
    pixels: new Uint8Array(IMAGE_BYTES),
  })
}

function cutOff(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  let isSent = false
  return new ReadableStream({
    pull(controller) {
      if (isSent) controller.error(new Error('cut'))
      else controller.enqueue(bytes)
      isSent = true
    },
  })
}

/** @returns what was chosen, by key */
export async function fillKernelChoices(): Promise<Record<string, string>> {
  const choices: Record<string, string> = {}
  const kept = await openKernelChoices()
  const traits = { software: false, weightSpace: 'storage', subgroupQuads: true } as const
  const passes = ['forward', 'backward-data', 'backward-filter'] as const
  const chooser = createKernelChooser({
    adapter: 'A graphics card (an architecture)',
    traits,
    store: {
      read: (key) => kept.read(key),
      async write(key, id) {
        choices[key] = id
        await kept.write(key, id)
      },
    },
    budget: 1_000,
    // The last candidate is the fastest.
    measure: async (convolution, { id }) =>
      10 - convolutionCandidates(convolution, traits).findIndex((candidate) => candidate.id === id),
    now: () => 0,
  })
  const shape = {
    batch: 128,
    height: 32,
    width: 32,
    inChannels: 16,
    outChannels: 16,
    kernel: 3,
    stride: 1,
  } as const
  await chooser.choose(passes.map((pass) => ({ pass, shape, activations: 'f32' })))
  return choices
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
