import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
    // Engine tests share two cores with a software GPU.
    testTimeout: 30_000,
  },
})
