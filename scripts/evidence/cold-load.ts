// How long the main thread is held up while the page opens: a browser of its own for each visit, whose cache and storage
// are empty, opens the page as `npm start` serves it, until "Train both" can be pressed and the page has been quiet for a
// second. Prints the tasks over 50 ms and over 200 ms, as a Markdown table for docs/first-minute.md.
// Run: npx vite build && npx tsx scripts/evidence/cold-load.ts [VISITS]
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { chromiumPath, QUIET_ARGUMENTS } from '../../e2e/chromium.ts'
import { takeLongTasks, watchLongTasks } from '../../e2e/long-tasks.ts'
import { markdownTable } from '../../src/runs/markdown-table.ts'
import { createArchiveHandler } from '../archive-proxy.ts'
import { labServer } from '../server/lab-server.ts'
import { listen } from '../server/listen.ts'

const VIEWPORT = { width: 1440, height: 900 }
const QUIET_MS = 1_000

/** Durations in ms, longest first. */
async function visit(url: string): Promise<readonly number[]> {
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: QUIET_ARGUMENTS })
  try {
    const page = await browser.newPage({ viewport: VIEWPORT })
    await watchLongTasks(page)
    await page.goto(url)
    await page.getByRole('button', { name: 'Train both', exact: true, disabled: false }).waitFor()
    const tasks: number[] = []
    for (;;) {
      await page.waitForTimeout(QUIET_MS)
      const more = await takeLongTasks(page)
      if (more.length === 0) return tasks.toSorted((a, b) => b - a)
      tasks.push(...more)
    }
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
    const tasks = await visit(`http://127.0.0.1:${port}/`)
    rows.push([
      String(i),
      String(tasks.filter((ms) => ms > 50).length),
      String(tasks.filter((ms) => ms > 200).length),
      String(tasks[0] ?? 0),
      String(tasks.reduce((sum, ms) => sum + ms, 0)),
      (loadavg()[0] ?? 0).toFixed(1),
    ])
  }
  console.log(markdownTable(['visit', 'over 50 ms', 'over 200 ms', 'longest, ms', 'sum, ms', 'load'], rows))
  console.log(`Cold visits; ${cpus()[0]?.model}, ${availableParallelism()} threads.`)
} finally {
  server.close()
  server.closeAllConnections()
}
