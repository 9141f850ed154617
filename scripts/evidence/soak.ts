// Trains for hours in a real Chromium while a script looks at the page, and writes what it takes every half a minute:
// docs/reliability.md. Each sample is a line of OUT at once, so that a soak that is cut off loses nothing; `--report`
// reads it, as the end of a soak does.
// Run: npx vite build && npx tsx scripts/evidence/soak.ts OUT.jsonl [--hours 8] [--engine cpu|webgpu] [--epochs 30]
//      npx tsx scripts/evidence/soak.ts OUT.jsonl --report
import { appendFile, readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { chromium, type Page } from '@playwright/test'
import { preview } from 'vite'
import { CHROMIUM_ARGUMENTS, chromiumPath } from '../../e2e/chromium.ts'
import { LabPage, linkTo, LONG_WORK_MS, OPEN_ENGINE, SMALLEST, TINY } from '../../e2e/lab-page.ts'
import { lookAround } from './soak/look-around.ts'
import { reportOf } from './soak/report.ts'
import { countGpuBuffers, KEEP_NAMES, readSample, sampleSchema } from './soak/samples.ts'
import { storedRecord } from './soak/stored-runs.ts'

const SAMPLE_MS = 30_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    hours: { type: 'string', default: '8' },
    engine: { type: 'string', default: 'cpu' },
    epochs: { type: 'string', default: '30' },
    report: { type: 'boolean', default: false },
  },
})
const [out] = positionals
if (out === undefined) throw new Error('give a file for the samples')
const { engine } = values
if (engine !== 'cpu' && engine !== 'webgpu') throw new Error('the engine is cpu or webgpu')

if (!values.report) await soak(out, engine)
const lines = (await readFile(out, 'utf8')).trim().split('\n')
console.log(reportOf(lines.map((line) => sampleSchema.parse(JSON.parse(line)))))

async function soak(file: string, on: 'cpu' | 'webgpu'): Promise<void> {
  const server = await preview({ preview: { host: '127.0.0.1', port: 0 }, logLevel: 'warn' })
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGUMENTS })
  const interrupt = { came: false }
  process.once('SIGINT', () => {
    interrupt.came = true
  })
  try {
    const page = await browser.newPage({ baseURL: server.resolvedUrls?.local[0] ?? '' })
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('crash', () => faults.push('the page crashed'))
    page.on('worker', (worker) => void countGpuBuffers(worker).catch(() => undefined))
    await page.addInitScript(KEEP_NAMES)
    const lab = new LabPage(page)
    const network = on === 'webgpu' ? SMALLEST : TINY
    const data = { ...network.data, limitTrain: 1024, limitTest: 256 }
    const setup = { ...network, data, budget: { unit: 'epoch' as const, amount: Number(values.epochs) } }
    await page.goto(`/?engine=${on}${linkTo(setup)}`)
    await page.getByText(OPEN_ENGINE).waitFor({ timeout: LONG_WORK_MS })
    await lab.button('Train both').click()

    const begun = performance.now()
    const end = begun + Number(values.hours) * 3_600_000
    let next = begun
    while (performance.now() < end && !interrupt.came && faults.length === 0) {
      await feedQueue(page)
      await lookAround(page)
      if (performance.now() < next) continue
      next += SAMPLE_MS
      const { runs, steps } = await storedRecord(page)
      const seconds = (performance.now() - begun) / 1000
      const sample = { seconds, steps, sessions: runs / 2, values: await readSample(browser, page) }
      await appendFile(file, `${JSON.stringify(sample)}\n`)
      console.error(`${Math.round(seconds)} s: ${runs} runs finished, ${steps} steps`)
    }
    const record = await storedRecord(page)
    console.log(
      `${record.runs} finished runs of ${record.steps} steps are stored; ` +
        (record.incomplete.length === 0
          ? 'each has every step and epoch.'
          : `${record.incomplete.join('; ')}.`),
    )
    if (faults.length > 0) console.log(`The page failed: ${faults.join('; ')}`)
    if (faults.length + record.incomplete.length > 0) process.exitCode = 1
  } finally {
    await browser.close()
    await server.close()
  }
}

/** Two more seeds, where none waits. */
async function feedQueue(page: Page): Promise<void> {
  const queue = page.getByRole('region', { name: 'Queue', exact: true })
  if (!/Queue empty|queue empty/.test(await queue.getByRole('status').first().innerText())) return
  await page.getByRole('textbox', { name: 'Seeds' }).fill('2')
  await page.getByRole('button', { name: 'Add to queue', exact: true }).click()
}
