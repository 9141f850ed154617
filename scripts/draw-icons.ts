// Draws public/icon-*.png, which installed apps are shown by, from public/icon.svg: `npx tsx scripts/draw-icons.ts`.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { chromiumPath, QUIET_ARGUMENTS } from '../e2e/chromium.ts'

const PUBLIC = join(import.meta.dirname, '../public')
const PAGE = '#ffffff'

/** A maskable icon may be cut to any shape: all that counts lies in its middle 80 %. */
const ICONS = [
  { name: 'icon-192.png', size: 192, share: 1 },
  { name: 'icon-512.png', size: 512, share: 1 },
  { name: 'icon-maskable-512.png', size: 512, share: 0.72 },
] as const

const svg = await readFile(join(PUBLIC, 'icon.svg'), 'base64')
const browser = await chromium.launch({ executablePath: chromiumPath(), args: QUIET_ARGUMENTS })
try {
  const page = await browser.newPage({ colorScheme: 'light' })
  for (const { name, size, share } of ICONS) {
    await page.setViewportSize({ width: size, height: size })
    await page.setContent(`<style>
        body { margin: 0; display: grid; place-items: center; height: 100vh;
          background: ${share < 1 ? PAGE : 'transparent'} }
      </style>
      <img src="data:image/svg+xml;base64,${svg}" width="${size * share}" height="${size * share}">`)
    await page.locator('img').evaluate((image: HTMLImageElement) => image.decode())
    await page.screenshot({ path: join(PUBLIC, name), omitBackground: true })
  }
} finally {
  await browser.close()
}
