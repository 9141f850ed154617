import { findChromium } from '../scripts/find-chromium.ts'

export const SOFTWARE_WEBGPU_ARGUMENTS = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']

/** No traffic of the browser's own; and no sandbox, which containers do not let it have. */
export const QUIET_ARGUMENTS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const CHROMIUM_ARGUMENTS = [...SOFTWARE_WEBGPU_ARGUMENTS, ...QUIET_ARGUMENTS]

export function chromiumPath(): string {
  const path = findChromium()
  if (!path)
    throw new Error('No Chrome or Chromium found: run `npm run setup`, or set CHROMIUM to its executable.')
  return path
}
