// How soon a stranger sees something: a browser of its own for each visit, whose cache and storage are empty, opens the
// page as `npm start` serves it, and presses "Train both" in the frame in which it can be pressed. Prints seconds from
// the navigation, as a Markdown table for docs/first-minute.md.
// Run: npx vite build && npx tsx scripts/evidence/first-curve.ts [VISITS]
import { availableParallelism, cpus, loadavg } from 'node:os'
import { chromium, type Page } from 'playwright'
import { preview } from 'vite'
import { CHROMIUM_ARGUMENTS, chromiumPath, QUIET_ARGUMENTS } from '../../e2e/chromium.ts'
import { markdownTable } from '../../src/runs/markdown-table.ts'
import { meanAndSd } from '../../src/runs/statistics/statistics.ts'

const WAYS = [
  { name: 'Chromium without flags', args: QUIET_ARGUMENTS, query: '' },
  { name: 'with WebGPU on SwiftShader', args: CHROMIUM_ARGUMENTS, query: '' },
  { name: 'the same, `?engine=webgpu`', args: CHROMIUM_ARGUMENTS, query: '?engine=webgpu' },
]
const TIMEOUT = 10 * 60_000

type Visit = { readonly enabled: number; readonly curve: number; readonly finished: number }

async function visit(url: string, args: readonly string[]): Promise<Visit> {
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: [...args] })
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(url, { waitUntil: 'commit' })
    const enabled = await secondsWhen(page, () => {
      const buttons = [...document.querySelectorAll('button')]
      const train = buttons.find(({ textContent }) => textContent === 'Train both')
      if (!train || train.disabled) return false
      train.click()
      return true
    })
    const curve = await secondsWhen(
      page,
      () => document.querySelector('section[aria-label="Loss"] svg path[d^="M"]') !== null,
    )
    const finished = await secondsWhen(
      page,
      () => document.querySelector('output')?.textContent === 'Finished',
    )
    return { enabled, curve, finished }
  } finally {
    await browser.close()
  }
}

/** Seconds from the navigation to the first frame in which `isTrue`. */
async function secondsWhen(page: Page, isTrue: () => boolean): Promise<number> {
  const source = `(${isTrue.toString()})() && performance.now()`
  const at = await page.waitForFunction(source, null, { polling: 'raf', timeout: TIMEOUT })
  return Number(await at.jsonValue()) / 1000
}

function span(values: readonly number[]): string {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  const median = meanAndSd(middle.map((value) => value ?? Number.NaN)).mean
  return `${median.toFixed(1)} (${sorted[0]?.toFixed(1)}–${sorted.at(-1)?.toFixed(1)})`
}

const visits = Number(process.argv[2] ?? 3)
const server = await preview({ logLevel: 'warn', preview: { host: '127.0.0.1', port: 0 } })
try {
  const [url = ''] = server.resolvedUrls?.local ?? []
  const rows: string[][] = []
  for (const { name, args, query } of WAYS) {
    const before = loadavg()[0] ?? 0
    const seen: Visit[] = []
    for (let i = 0; i < visits; i++) {
      const one = await visit(`${url}${query}`, args)
      console.error(name, JSON.stringify(one))
      seen.push(one)
    }
    rows.push([
      name,
      ...(['enabled', 'curve', 'finished'] as const).map((what) => span(seen.map((one) => one[what]))),
      `${before.toFixed(1)}–${(loadavg()[0] ?? 0).toFixed(1)}`,
    ])
  }
  console.log(
    markdownTable(
      ['opened in', '“Train both” enabled, s', 'first curve, s', 'pair finished, s', 'load'],
      rows,
    ),
  )
  console.log(
    `Median (least–most) of ${visits} cold visits; ${cpus()[0]?.model}, ${availableParallelism()} threads.`,
  )
} finally {
  await server.close()
}
