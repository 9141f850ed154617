// Runs the command line in the test's own process, which is quicker.
import { format } from 'node:util'
import { vi } from 'vitest'
import { runCommand } from '../../cli/run-command.ts'
import type { Finished } from './run-lab.ts'

/** As `runLab`, in this process. What it prints for people is what console is told. */
export async function runLabHere(...words: readonly string[]): Promise<Finished> {
  let stdout = ''
  let stderr = ''
  const spy = vi.spyOn(console, 'error').mockImplementation((...values: unknown[]) => {
    stderr += `${format(...values)}\n`
  })
  const print = async (text: string) => {
    stdout += `${text}\n`
  }
  try {
    const code = await runCommand(words, { print, signals: { listener: null } })
    return { code, stdout, stderr }
  } finally {
    spy.mockRestore()
  }
}
