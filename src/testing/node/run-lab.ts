// Runs our programs as a person does, in a process of its own.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

export type Finished = { code: number | null; stdout: string; stderr: string }

type RunningLab = {
  readonly finished: Promise<Finished>
  /** Resolves once stderr has said this. */
  readonly said: (text: string) => Promise<void>
  /** What Ctrl-C sends, unless it is another signal. */
  readonly interrupt: (signal?: NodeJS.Signals) => void
  /** Nobody reads what it prints any more. */
  readonly stopReading: () => void
}

export function startLab(...words: readonly string[]): RunningLab {
  return startProgram('src/cli/main.ts', words)
}

/** @param file TypeScript, from the root of the repository */
export function startProgram(file: string, words: readonly string[]): RunningLab {
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...words], { cwd: ROOT })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  return {
    finished,
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = () => stderr.includes(text) && resolve()
        look()
        child.stderr.on('data', look)
        child.on('close', () => reject(new Error(`lab ended without saying “${text}”: ${stderr}`)))
      }),
    interrupt: (signal = 'SIGINT') => void child.kill(signal),
    stopReading() {
      child.stdout.destroy()
      child.stderr.destroy()
    },
  }
}

export function runLab(...words: readonly string[]): Promise<Finished> {
  return startLab(...words).finished
}

/** The last line of stdout, which `--json` promises to be one JSON value. */
export function lastLine({ stdout }: Finished): unknown {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')
}
