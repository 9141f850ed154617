// A process that answers a JSON value a line on stdin with one a line on stdout, in order.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export type JsonProcess = {
  /** @throws Error with one sentence where the process ends, does not start, or says what is no JSON */
  ask(request: object): Promise<unknown>
  /** Ends the process; what was asked and is not answered fails. */
  stop(): void
}

type Question = { readonly resolve: (reply: unknown) => void; readonly reject: (error: Error) => void }

/** Enough of stderr to find the last line of a traceback in it. */
const STDERR_CHARACTERS = 4000

/** @param name of the process, for sentences about it */
export function startJsonProcess(name: string, command: string, words: readonly string[]): JsonProcess {
  const child = spawn(command, words, { stdio: 'pipe' })
  const questions: Question[] = []
  let failure: Error | null = null
  let complaint = ''

  function fail(reason: string): void {
    failure ??= new Error(reason)
    for (const { reject } of questions.splice(0)) reject(failure)
    child.kill('SIGKILL')
  }

  child.on('error', (error) => fail(`${name} did not start: ${error.message}.`))
  child.on('close', (code, signal) => fail(endOf(name, code, signal, complaint)))
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-STDERR_CHARACTERS)
  })
  // That nobody reads any more is told by `close`, with the reason.
  child.stdin.on('error', () => undefined)
  createInterface({ input: child.stdout }).on('line', (line) => {
    const reply = parsed(line)
    if (reply === undefined) fail(`${name} said ${JSON.stringify(line.slice(0, 100))}, which is no reply.`)
    else questions.shift()?.resolve(reply)
  })

  return {
    ask(request) {
      if (failure) return Promise.reject(failure)
      return new Promise((resolve, reject) => {
        questions.push({ resolve, reject })
        child.stdin.write(`${JSON.stringify(request)}\n`)
      })
    },
    stop: () => fail(`${name} was stopped.`),
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function endOf(name: string, code: number | null, signal: string | null, complaint: string): string {
  const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
  const last = complaint.trim().split('\n').at(-1) ?? ''
  return last === '' ? `${name} ${how}.` : `${name} ${how}: ${last}`
}
