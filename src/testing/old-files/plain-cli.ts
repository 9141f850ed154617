// The command line, a process of its own, in a place that lacks relaxed SIMD.
import { fileURLToPath } from 'node:url'
import { startLab } from '../node/run-lab.ts'

const PRELOADED = fileURLToPath(new URL('without-relaxed-simd.mjs', import.meta.url))

export function plainCli(...words: readonly string[]): ReturnType<typeof startLab> {
  const before = process.env['NODE_OPTIONS']
  process.env['NODE_OPTIONS'] = `--import ${PRELOADED}`
  try {
    return startLab(...words)
  } finally {
    if (before === undefined) delete process.env['NODE_OPTIONS']
    else process.env['NODE_OPTIONS'] = before
  }
}
