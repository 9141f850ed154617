import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: ['**/*.gpu.test.ts'],
          // A third of the time would go to new processes that read the same modules again. So files share their globals
          // and modules: what one changes of them it restores.
          isolate: false,
          restoreMocks: true,
          maxWorkers: '100%',
          // For what hangs: no test is to fail because a machine is slow.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          // Needs a Vulkan driver (`npm run setup`); without one its tests fail, they do not skip.
          name: 'engine',
          include: ['src/**/*.gpu.test.ts', 'bench/**/*.gpu.test.ts'],
          // A software GPU compiles each shader on one core, at its first use.
          maxWorkers: 2,
          // A worker's files share its devices, and so the kernels compiled for them.
          isolate: false,
          // After the unit tests, where both are run.
          sequence: { groupOrder: 1 },
          // Mesa's lavapipe otherwise optimises each shader for seconds; the tests' networks take a few steps only.
          env: { GALLIVM_PERF: 'nopt' },
          // For what hangs: no test is to fail because a machine is slow.
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
})
