// The training worker: the one place with a GPU device, an image store and a training loop.
// Requests come in, replies and events go out; all of them are checked against src/contract.
import { AppError, toFailure } from '../base/app-error.ts'
import { requestSchema, type Response } from '../contract/commands.ts'
import { AUTOMATIC, engineSettingSchema, threadsOf } from '../contract/engine-setting.ts'
import type { TrainEvent } from '../contract/events.ts'
import { createDataLibrary } from '../data/data-library.ts'
import { openImageStore } from '../data/store/image-store.ts'
import { createEngine } from '../engine/create-engine.ts'
import { whitenWith } from '../training/whitening/compute-whitening.ts'
import { yieldToEventLoop } from './yield-to-event-loop.ts'
import { computeInThread } from './compute-in-thread.ts'
import { dispatch } from './commands/dispatch.ts'
import { openRunLibrary } from './open-run-library.ts'
import { openKernelChoices } from './kernel-choices.ts'
import { createPageCpuHost } from './page-cpu-host.ts'
import { createWhitener } from './whitener.ts'
import { openWhiteningStore } from './whitening-store.ts'
import { createWorkerServices } from './worker-services.ts'

declare const self: DedicatedWorkerGlobalScope

const send = (message: TrainEvent | Response, transfer: Transferable[] = []) =>
  self.postMessage(message, transfer)

async function open() {
  const [images, choices, whitenings, runs] = await Promise.all([
    openImageStore(),
    openKernelChoices(),
    // Where the browser forbids storage a matrix lasts as long as the page.
    openWhiteningStore().catch(() => null),
    openRunLibrary(
      (event) => send(event),
      (event) => void opened.then(({ queue }) => queue.hear(event)).catch(() => undefined),
    ),
  ])
  const library = createDataLibrary({
    store: images,
    fetch: (url, init) => self.fetch(url, init),
    elapsed: () => performance.now(),
    emit: (status) => send({ kind: 'data-set', status }),
    defaultBase: import.meta.env['VITE_ARCHIVE_BASE'] ?? archivesBesideThePage(),
  })
  const whitener = createWhitener({
    compute: whitenWith(computeInThread()),
    store: whitenings,
    elapsed: () => performance.now(),
    say: (text) => send({ kind: 'log', run: null, at: Date.now(), level: 'warning', text }),
  })
  // The page says by this name which engine to open first.
  const setting = self.name ? engineSettingSchema.parse(JSON.parse(self.name)) : AUTOMATIC
  const host = createPageCpuHost()
  const services = createWorkerServices({
    library,
    runs,
    whitener,
    setting,
    createEngine(wanted, onFailure) {
      const { engine } = wanted
      const threads = threadsOf(wanted, self.navigator.hardwareConcurrency)
      return createEngine({
        ...(engine !== 'auto' && { engine }),
        cpu: { host, threads },
        choices,
        onFailure,
      })
    },
    emit: send,
    now: () => Date.now(),
    elapsed: () => performance.now(),
    yieldToEventLoop,
  })
  // Commands do not wait for the engine: a session that needs it does.
  void services.sessions.open()
  await Promise.all([library.open(), runs.open().then(() => services.queue.open())])
  return services
}

const opened = open()
opened.catch((error: unknown) => send({ kind: 'worker-failed', failure: toFailure(error) }))

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const request = requestSchema.safeParse(data)
  if (request.success) {
    void answer(request.data.id, async () => dispatch(request.data.command, await opened))
  } else {
    const error = new AppError(
      'internal',
      `The page sent a message that the worker does not know: ${request.error.message}`,
    )
    send({ kind: 'worker-failed', failure: toFailure(error) })
  }
})

/** Where our servers offer them, and where a host may. A built worker lies in a folder of the page's folder. */
function archivesBesideThePage(): string {
  return import.meta.env.DEV ? '/archives/' : new URL('../archives/', self.location.href).href
}

async function answer(id: number, work: () => Promise<unknown>): Promise<void> {
  try {
    const value = await work()
    send({ kind: 'done', id, value }, transferables(value))
  } catch (error) {
    send({ kind: 'failed', id, failure: toFailure(error) })
  }
}

/** The buffers at the top of a reply, which are moved instead of copied. */
function transferables(value: unknown): Transferable[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((field: unknown) =>
    field instanceof Uint8Array && field.buffer instanceof ArrayBuffer ? [field.buffer] : [],
  )
}
