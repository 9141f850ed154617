// How long the main thread is held up while the page opens: a browser of its own for each visit, whose cache and storage
// are empty, opens the page as `npm start` serves it, until "Train both" can be pressed and two seconds more. A task's time
// by the clock grows with what else the machine does; its processor time does so little. Prints both, from Chromium's own
// trace, as a Markdown table for docs/first-minute.md.
// Run: npx vite build && npx tsx scripts/evidence/cold-load.ts [VISITS]
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { z } from 'zod'
import { chromiumPath, QUIET_ARGUMENTS } from '../../e2e/chromium.ts'
import { markdownTable } from '../../src/runs/markdown-table.ts'
import { createArchiveHandler } from '../archive-proxy.ts'
import { labServer } from '../server/lab-server.ts'
import { listen } from '../server/listen.ts'

const VIEWPORT = { width: 1440, height: 900 }
const REST_MS = 2_000

/** Times in µs; of what is not a whole task, some are absent. */
const traceSchema = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      pid: z.number(),
      tid: z.number(),
      dur: z.number().optional(),
      tdur: z.number().optional(),
      args: z.object({ name: z.unknown().optional() }).optional(),
    }),
  ),
})

/** In ms. */
type Task = { readonly wall: number; readonly cpu: number }

/** Those of the page's main thread. */
async function tasksOfVisit(url: string): Promise<readonly Task[]> {
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: QUIET_ARGUMENTS })
  try {
    const page = await browser.newPage({ viewport: VIEWPORT })
    await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] })
    await page.goto(url)
    await page.getByRole('button', { name: 'Train both', exact: true, disabled: false }).waitFor()
    await page.waitForTimeout(REST_MS)
    const text = (await browser.stopTracing()).toString()
    const { traceEvents } = traceSchema.parse(JSON.parse(text))
    const threadOf = ({ pid, tid }: { pid: number; tid: number }) => `${pid} ${tid}`
    const main = new Set(
      traceEvents
        .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
        .map(threadOf),
    )
    return traceEvents
      .filter((event) => event.name === 'RunTask' && main.has(threadOf(event)))
      .map(({ dur = 0, tdur = 0 }) => ({ wall: dur / 1000, cpu: tdur / 1000 }))
  } finally {
    await browser.close()
  }
}

const visits = Number(process.argv[2] ?? 5)
const dist = join(import.meta.dirname, '../../dist')
const server = await listen(labServer({ folder: dist, archives: createArchiveHandler({}) }), 0, '127.0.0.1')
try {
  const address = server.address()
  const port = address && typeof address === 'object' ? address.port : 0
  const rows: string[][] = []
  for (let i = 1; i <= visits; i++) {
    const tasks = await tasksOfVisit(`http://127.0.0.1:${port}/`)
    rows.push([
      String(i),
      ...(['wall', 'cpu'] as const).flatMap((clock) => {
        const times = tasks.map((task) => task[clock])
        return [50, 200]
          .map((least) => times.filter((ms) => ms > least).length)
          .concat(Math.round(Math.max(...times)))
          .map(String)
      }),
      (loadavg()[0] ?? 0).toFixed(1),
    ])
  }
  console.log(
    markdownTable(
      [
        'visit',
        ...['by the clock', 'of processor time'].flatMap((clock) => [
          `over 50 ms ${clock}`,
          'over 200 ms',
          'longest, ms',
        ]),
        'load',
      ],
      rows,
    ),
  )
  console.log(`Cold visits; ${cpus()[0]?.model}, ${availableParallelism()} threads.`)
} finally {
  server.close()
  server.closeAllConnections()
}
