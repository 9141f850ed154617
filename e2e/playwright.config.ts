// Journeys through the built app in a real Chromium whose WebGPU is a software adapter, so that the page chooses the CPU
// engine by itself; what is about WebGPU asks for it in its address. No journey depends on how fast anything trains.
import { defineConfig } from '@playwright/test'
import { APP_PORT } from './ports.ts'
import { CHROMIUM_ARGUMENTS, chromiumPath } from './chromium.ts'

// For what hangs: no journey is to fail because a machine is slow.
const PATIENCE_MS = 3 * 60_000

export default defineConfig({
  testDir: '.',
  outputDir: '../.cache/e2e',
  // Training takes every core; opening a page, and waiting for it, takes one and less.
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 10 * PATIENCE_MS,
  expect: { timeout: PATIENCE_MS },
  reporter: [['list'], ['./journey-times.ts']],
  use: {
    baseURL: `http://127.0.0.1:${APP_PORT}`,
    launchOptions: { executablePath: chromiumPath(), args: CHROMIUM_ARGUMENTS },
    viewport: { width: 1440, height: 900 },
    actionTimeout: PATIENCE_MS,
    navigationTimeout: PATIENCE_MS,
    contextOptions: { reducedMotion: 'reduce' },
    // Recording a trace takes a quarter of a journey’s time: `npm run test:e2e -- --trace retain-on-failure`.
    screenshot: 'only-on-failure',
  },
  webServer: {
    command: 'npx tsx e2e/server.ts',
    cwd: '..',
    url: `http://127.0.0.1:${APP_PORT}`,
  },
})
