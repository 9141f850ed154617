// Runs the command line in the test's own process, which is quicker.
import { format } from 'node:util'
import { vi } from 'vitest'
import { runCommand } from '../../cli/run-command.ts'
import type { Finished } from './run-lab.ts'

/** As `runLab`, in this process. What it prints is what console is told. */
export async function runLabHere(...words: readonly string[]): Promise<Finished> {
  const [stdout, stderr] = [record('log'), record('error')]
  try {
    const code = await runCommand(words)
    return { code, stdout: stdout.text(), stderr: stderr.text() }
  } finally {
    stdout.end()
    stderr.end()
  }
}

function record(method: 'log' | 'error') {
  let text = ''
  const spy = vi.spyOn(console, method).mockImplementation((...values: unknown[]) => {
    text += `${format(...values)}\n`
  })
  return { text: () => text, end: () => spy.mockRestore() }
}
