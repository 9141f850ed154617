// Runs our programs as a person does: a process of its own. For tests.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export type Finished = { code: number | null; stdout: string; stderr: string }

export function runLab(...words: readonly string[]): Promise<Finished> {
  return runProgram('src/cli/main.ts', words)
}

/** @param file TypeScript, from the root of the repository */
export function runProgram(file: string, words: readonly string[]): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', file, ...words], { cwd: ROOT })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** The last line of stdout, which `--json` promises to be one JSON value. */
export function lastLine({ stdout }: Finished): unknown {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')
}
