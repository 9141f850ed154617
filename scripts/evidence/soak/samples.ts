// What a page and its browser take at a moment.
import { readdir, readFile } from 'node:fs/promises'
import type { Browser, CDPSession, Page, Worker } from '@playwright/test'
import { z } from 'zod'

export const sampleSchema = z.object({
  /** Since the soak began. */
  seconds: z.number(),
  /** Steps of the session in training, sessions trained, and what the page says of it. */
  steps: z.number(),
  sessions: z.number(),
  /** By name: bytes end in `Bytes`, the others are counts. */
  values: z.record(z.string(), z.number()),
})
export type Sample = z.infer<typeof sampleSchema>

/** What tsx leaves in functions that are sent to the page. */
export const KEEP_NAMES = 'globalThis.__name = (named) => named'

declare const gpuBuffers: { readonly count: number; readonly bytes: number } | undefined

/** From now on the worker knows how many GPU buffers were made and not destroyed. */
export async function countGpuBuffers(worker: Worker): Promise<void> {
  await worker.evaluate(KEEP_NAMES)
  await worker.evaluate(() => {
    if (typeof GPUDevice === 'undefined') return
    const held = { count: 0, bytes: 0 }
    Object.assign(globalThis, { gpuBuffers: held })
    // oxlint-disable-next-line typescript/unbound-method -- called with its device below
    const { createBuffer } = GPUDevice.prototype
    GPUDevice.prototype.createBuffer = function count(descriptor) {
      const buffer = createBuffer.call(this, descriptor)
      held.count++
      held.bytes += descriptor.size
      const destroy = buffer.destroy.bind(buffer)
      let isDestroyed = false
      buffer.destroy = () => {
        if (!isDestroyed) {
          held.count--
          held.bytes -= descriptor.size
        }
        isDestroyed = true
        return destroy()
      }
      return buffer
    }
  })
}

/** After garbage was collected in the page and the worker. */
export async function readSample(browser: Browser, page: Page): Promise<Sample['values']> {
  const session = await page.context().newCDPSession(page)
  try {
    await session.send('HeapProfiler.collectGarbage')
    const heap = await session.send('Runtime.getHeapUsage')
    const counters = await session.send('Memory.getDOMCounters')
    const worker = await workerHeap(session)
    const gpu = await heldGpuBuffers(page)
    const stored = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0)
    return {
      pageHeapBytes: heap.usedSize,
      ...(worker === null ? {} : { workerHeapBytes: worker }),
      domNodes: counters.nodes,
      listeners: counters.jsEventListeners,
      documents: counters.documents,
      ...(gpu ? { gpuBuffers: gpu.count, gpuBufferBytes: gpu.bytes } : {}),
      indexedDbBytes: stored,
      ...(await processes(browser)),
    }
  } finally {
    await session.detach()
  }
}

/** Of the worker that has counted any; null where none has. */
async function heldGpuBuffers(page: Page) {
  for (const worker of page.workers()) {
    const held = await worker
      .evaluate(() => (typeof gpuBuffers === 'undefined' ? null : { ...gpuBuffers }))
      .catch(() => null)
    if (held && held.count > 0) return held
  }
  return null
}

/** Resident memory and open files of the browser's processes, by their type. */
async function processes(browser: Browser): Promise<Record<string, number>> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const sums: Record<string, number> = {}
  for (const { id, type } of processInfo) {
    if (!['browser', 'renderer', 'GPU'].includes(type)) continue
    const name = type.toLowerCase()
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '')
    const rss = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
    const files = await readdir(`/proc/${id}/fd`).catch(() => [])
    sums[`${name}RssBytes`] = (sums[`${name}RssBytes`] ?? 0) + rss
    sums[`${name}Files`] = (sums[`${name}Files`] ?? 0) + files.length
  }
  return sums
}

const answerSchema = z.object({ id: z.number(), result: z.object({ usedSize: z.number().optional() }) })

/** Of the page's first worker, which trains; null where it does not answer. */
async function workerHeap(session: CDPSession): Promise<number | null> {
  const attached = new Promise<string>((resolve) => {
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') resolve(sessionId)
    })
  })
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  })
  const sessionId = await attached
  const answer = new Promise<number | null>((resolve) => {
    session.on('Target.receivedMessageFromTarget', ({ sessionId: from, message }) => {
      const parsed = answerSchema.safeParse(JSON.parse(message))
      if (from === sessionId && parsed.data?.id === 2) resolve(parsed.data.result.usedSize ?? null)
    })
  })
  for (const [i, method] of ['HeapProfiler.collectGarbage', 'Runtime.getHeapUsage'].entries()) {
    await session.send('Target.sendMessageToTarget', {
      sessionId,
      message: JSON.stringify({ id: i + 1, method }),
    })
  }
  return answer
}
