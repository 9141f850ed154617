// How soon the table of runs is there: 200 runs of 300 epochs are put into the page's store, and the page is opened at
// it, in Chromium. Prints milliseconds from the navigation, and from a press on "Runs", to the first rows and to all;
// then of 10 of these runs from a press on "Compare selected…" to their table and curves.
// Run: npx vite build && npx tsx scripts/evidence/runs-table.ts
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright'
import { build, preview } from 'vite'
import { CHROMIUM_ARGUMENTS, chromiumPath } from '../../e2e/chromium.ts'
import { OPEN_ENGINE } from '../../e2e/lab-page.ts'
import { takeLongTasks, watchLongTasks } from '../../e2e/long-tasks.ts'
import type { StoreLoad } from './runs-table/fill-store.ts'

const LOAD: StoreLoad = { runs: 200, epochs: 300, stepsPerEpoch: 40 }
const TIMES = 5
/** More than fit on the screen. */
const FIRST_ROWS = 40
const COMPARED = 10
const ROWS = 'table[aria-label="Runs"] tbody tr'

/** fill-store.ts and all that it imports, as one script that leaves `fillStore` on the page. */
async function fillingScript(): Promise<string> {
  const entry = fileURLToPath(new URL('./runs-table/fill-store.ts', import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    build: { write: false, lib: { entry, formats: ['iife'], name: 'filling' } },
  })
  const [bundle] = [built].flat()
  if (!bundle || !('output' in bundle)) throw new Error('nothing was built')
  return bundle.output[0].code
}

/** Milliseconds from the press to the first frame with the comparison's metrics and all of its charts' curves. */
async function compareAgain(page: Page): Promise<number> {
  await page.getByRole('button', { name: 'Compare selected…' }).waitFor()
  const begun = await page.evaluate(() => {
    const at = performance.now()
    const buttons = [...document.querySelectorAll('button')]
    buttons.find(({ textContent }) => textContent === 'Compare selected…')?.click()
    return at
  })
  const at = await page.waitForFunction(
    (least) => {
      const dialog = document.querySelector('[role="dialog"]')
      const columns = dialog?.querySelectorAll('table thead th[scope="col"] svg').length ?? 0
      const lines =
        dialog?.querySelectorAll('section[aria-label="Learning rate"] svg path[d^="M"]').length ?? 0
      return columns >= least && lines >= least && performance.now()
    },
    COMPARED,
    { polling: 'raf', timeout: 60_000 },
  )
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  return Number(await at.jsonValue()) - begun
}

/** Milliseconds since the navigation at the first frame that has so many rows. */
async function rowsAt(page: Page, rows: number): Promise<number> {
  const at = await page.waitForFunction(
    ([selector, least]) => document.querySelectorAll(selector).length >= least && performance.now(),
    [ROWS, rows] as const,
    { polling: 'raf', timeout: 60_000 },
  )
  return Number(await at.jsonValue())
}

function say(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((one, other) => one - other).map((time) => time.toFixed(0))
  const middle = sorted[Math.floor(sorted.length / 2)]
  console.log(`${what}: median ${middle} ms, ${sorted[0]} to ${sorted.at(-1)}, n = ${times.length}`)
}

const server = await preview({ logLevel: 'warn', preview: { host: '127.0.0.1', port: 0 } })
const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGUMENTS })
try {
  const [url = ''] = server.resolvedUrls?.local ?? []
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const first = await context.newPage()
  await first.goto(url)
  await first.getByText(OPEN_ENGINE).waitFor({ timeout: 60_000 })
  await first.addScriptTag({ content: await fillingScript() })
  const seconds = await first.evaluate(async (load) => {
    const begun = performance.now()
    const { fillStore }: { fillStore: (load: StoreLoad) => Promise<void> } = Reflect.get(
      globalThis,
      'filling',
    )
    await fillStore(load)
    return (performance.now() - begun) / 1000
  }, LOAD)
  await first.close()
  console.log(
    `${LOAD.runs} runs of ${LOAD.epochs} epochs of ${LOAD.stepsPerEpoch} steps written in ${seconds.toFixed(0)} s; Chromium ${browser.version()}`,
  )

  const shown: number[] = []
  const all: number[] = []
  const pressed: number[] = []
  const longest: number[] = []
  const compared: number[] = []
  const again: number[] = []
  for (let i = 0; i < TIMES; i++) {
    const page = await context.newPage()
    await page.goto(`${url}#runs`, { waitUntil: 'commit' })
    shown.push(await rowsAt(page, FIRST_ROWS))
    all.push(await rowsAt(page, LOAD.runs))
    await page.close()

    const other = await context.newPage()
    await watchLongTasks(other)
    await other.goto(url)
    await other.getByText(OPEN_ENGINE).waitFor({ timeout: 60_000 })
    await other.waitForTimeout(1_000)
    await takeLongTasks(other)
    const begun = await other.evaluate(() => {
      const at = performance.now()
      document.querySelectorAll<HTMLButtonElement>('nav[aria-label="Views"] button')[1]?.click()
      return at
    })
    pressed.push((await rowsAt(other, FIRST_ROWS)) - begun)
    await rowsAt(other, LOAD.runs)
    longest.push((await takeLongTasks(other))[0] ?? 0)
    for (let row = 0; row < COMPARED; row++) await other.locator(`${ROWS} input`).nth(row).check()
    compared.push(await compareAgain(other))
    again.push(await compareAgain(other))
    await other.close()
  }
  say('navigation to the first rows', shown)
  say('navigation to all rows', all)
  say('press on "Runs" to the first rows', pressed)
  say('longest task after the press', longest)
  say(`press on "Compare selected…" with ${COMPARED} runs to their metrics and curves`, compared)
  say('the same again, with the runs already read', again)
} finally {
  await browser.close()
  await server.close()
}
