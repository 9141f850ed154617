import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright'

const NAMES = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser']

/** A Chrome or Chromium on this machine: $CHROMIUM, then the system's, then Playwright's own. Null where there is none. */
export function findChromium(): string | null {
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  const candidates = [process.env['CHROMIUM'] ?? '', ...onPath, mac, chromium.executablePath()]
  return candidates.find(isExecutable) ?? null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return path !== ''
  } catch {
    return false
  }
}
