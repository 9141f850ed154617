// Runs a benchmark in Chromium: builds its page, serves it on a port of its own, and passes on what it tells.
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright'
import { build, preview } from 'vite'
import { chromiumPath, QUIET_ARGUMENTS, SOFTWARE_WEBGPU_ARGUMENTS } from '../e2e/chromium.ts'
import { AppError } from '../src/base/app-error.ts'
import { findVulkanDriver } from '../src/cli/device/vulkan-driver.ts'
import { isolationHeaders } from '../scripts/isolation-headers.ts'
import { answerCalls } from './contender-call.ts'
import { openPytorch } from './contenders/pytorch.ts'
import { type BenchEvent, benchEventSchema } from './events.ts'
import type { BenchOrder } from './perform.ts'

const ROOT = fileURLToPath(new URL('.', import.meta.url))
const OUT = fileURLToPath(new URL('../.cache/bench', import.meta.url))

/** WebGPU on a graphics card; without it a headless Chromium on Linux looks for none. */
const GRAPHICS_CARD_ARGUMENTS = [
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--ignore-gpu-blocklist',
]

/** Timestamps are rounded to 0.1 ms without it. */
const EXACT_TIMESTAMPS = '--enable-webgpu-developer-features'

/** @param onBrowser told which browser it is, and its flags, before anything runs */
export async function performInPage(
  order: BenchOrder,
  emit: (event: BenchEvent) => void,
  onBrowser: (name: string, flags: readonly string[]) => void,
): Promise<void> {
  const flags = browserArguments(order)
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    worker: { format: 'es' },
    build: {
      outDir: OUT,
      emptyOutDir: true,
      target: 'es2024',
      // TensorFlow.js gives its wasm threads the text of a function, which loses its names otherwise, and waits for ever.
      minify: false,
      chunkSizeWarningLimit: 8000,
    },
  })
  const server = await preview({
    root: ROOT,
    configFile: false,
    plugins: [isolationHeaders()],
    build: { outDir: OUT },
    preview: { host: '127.0.0.1', port: 0 },
  })
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: flags })
  const callPytorch = answerCalls((threads) => openPytorch(threads))
  try {
    onBrowser(`Chromium ${browser.version()}`, flags)
    const page = await browser.newPage()
    const [url = ''] = server.resolvedUrls?.local ?? []
    await page.exposeFunction('tell', (event: unknown) => emit(benchEventSchema.parse(event)))
    await page.exposeFunction('callPytorch', callPytorch)
    if (order.threads !== null) await page.addInitScript(limitCores, order.threads)
    await page.goto(url)
    await page.waitForFunction(() => 'perform' in window)
    await Promise.race([page.evaluate((given) => window.perform(given), order), crashOf(page)])
  } finally {
    await callPytorch({ kind: 'close' })
    await browser.close()
    await server.close()
  }
}

function browserArguments({ measure }: BenchOrder): string[] {
  const hasGraphicsCard = findVulkanDriver()?.kind === 'system'
  const adapter = hasGraphicsCard ? GRAPHICS_CARD_ARGUMENTS : SOFTWARE_WEBGPU_ARGUMENTS
  return [...adapter, ...(measure === 'kernels' ? [EXACT_TIMESTAMPS] : []), ...QUIET_ARGUMENTS]
}

/** jax-js has as many threads as there are cores, and no setting for it. */
function limitCores(threads: number): void {
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: threads, configurable: true })
}

/** Rejects when the page dies. */
function crashOf(page: Page): Promise<never> {
  return new Promise((_, reject) => {
    page.once('crash', () => {
      reject(
        new AppError(
          'device-lost',
          'The benchmark’s page crashed, most likely for want of memory; choose fewer engines or a smaller batch.',
        ),
      )
    })
  })
}
