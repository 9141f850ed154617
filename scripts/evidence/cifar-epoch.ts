// How long an epoch of the real CIFAR-10 takes in the page on the CPU: ResNet-20 as akamaster trains it, 50,000 augmented
// images at batch 128, then an evaluation on 10,000; in a Chromium without any flag for WebGPU. Prints seconds.
// Run: npx vite build && CIFAR10_DIR=… npx tsx scripts/evidence/cifar-epoch.ts
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { chromium } from 'playwright'
import { preview } from 'vite'
import { chromiumPath, QUIET_ARGUMENTS } from '../../e2e/chromium.ts'
import { LabPage, linkTo } from '../../e2e/lab-page.ts'
import { findPreset } from '../../src/presets/presets.ts'

const MINUTE = 60_000
const FILES = [...Array.from({ length: 5 }, (_, i) => `data_batch_${i + 1}.bin`), 'test_batch.bin']

const directory = process.env['CIFAR10_DIR']
if (!directory) throw new Error('CIFAR10_DIR names no folder with the six files of CIFAR-10')
const preset = findPreset('akamaster-20')
if (!preset) throw new Error('no preset akamaster-20')

const server = await preview({ logLevel: 'error', preview: { port: 0, host: '127.0.0.1' } })
const [address] = server.resolvedUrls?.local ?? []
if (!address) throw new Error('the preview server has no address')
const browser = await chromium.launch({ executablePath: chromiumPath(), args: QUIET_ARGUMENTS })
try {
  const page = await browser.newPage({ baseURL: address, viewport: { width: 1440, height: 900 } })
  const lab = new LabPage(page)
  await page.goto(`/${linkTo({ ...preset.config, budget: { unit: 'epoch', amount: 1 } })}`)
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Choose files…' }).first().click(),
  ])
  await chooser.setFiles(FILES.map((name) => join(directory, name)))
  await page
    .getByRole('button', { name: 'Remove CIFAR-10 from this browser' })
    .waitFor({ timeout: 5 * MINUTE })
  const load = loadavg()[0]?.toFixed(2)
  await lab.button('Train A only').click()
  const begun = performance.now()
  await expect(lab.state()).toHaveText('Testing', { timeout: 60 * MINUTE })
  const trained = performance.now()
  await expect(lab.state()).toHaveText('Finished', { timeout: 20 * MINUTE })
  const finished = performance.now()
  const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1)
  const badge = await page
    .getByText(/^CPU · /)
    .first()
    .innerText()
  console.log(
    `${seconds(begun, trained)} s for 50,000 images (${(50_000 / ((trained - begun) / 1000)).toFixed(0)} images/s), ` +
      `${seconds(trained, finished)} s for the evaluation on 10,000; test accuracy ${await lab.score('A')} %`,
  )
  console.log(
    `${badge}; Chromium ${browser.version()}, ${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, load ${load} before`,
  )
} finally {
  await browser.close()
  await server.close()
}
