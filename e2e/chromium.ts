import { findChromium } from '../scripts/find-chromium.ts'

/** Software WebGPU, and no traffic of the browser's own. */
export const CHROMIUM_ARGUMENTS = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function chromiumPath(): string {
  const path = findChromium()
  if (!path)
    throw new Error('No Chrome or Chromium found: run `npm run setup`, or set CHROMIUM to its executable.')
  return path
}
