// What the command line has of the terminal, or the pipe, that it was started from.
import { AppError } from '../base/app-error.ts'

/** Signals that ask a program to end, with the exit code of one that they ended, as shells report it. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
const ENDING_SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const
export type EndingSignal = (typeof ENDING_SIGNALS)[number]

export const exitCodeOf = (signal: EndingSignal): number => EXIT_CODES[signal]

/** As shells report a program that wrote where nobody reads. */
export const BROKEN_PIPE = 141

/** Told of the first signal. While there is no listener, a signal ends the program. */
export type Signals = { listener: ((signal: EndingSignal) => void) | null }

export type Terminal = {
  readonly signals: Signals
  /** Resolves once it is written. @throws OutputClosed, AppError `storage-failed` */
  readonly print: (text: string) => Promise<void>
}

/** Whoever should read what is printed has gone: nothing is wrong, and nobody to tell. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed'
}

/** npm, and shells, pass on a signal that the terminal has sent to this process as well: so soon it is the same one. */
const SAME_SIGNAL_MS = 1000

/** This process's own. */
export function openTerminal(): Terminal {
  const signals: Signals = { listener: null }
  let firstAt: number | null = null
  function hear(signal: EndingSignal): void {
    const { listener } = signals
    if (listener === null) process.exit(exitCodeOf(signal))
    if (firstAt === null) {
      firstAt = performance.now()
      listener(signal)
    } else if (performance.now() - firstAt > SAME_SIGNAL_MS) {
      process.exit(exitCodeOf(signal))
    }
  }
  for (const signal of ENDING_SIGNALS) process.on(signal, hear)
  if (process.env['npm_lifecycle_event'] !== undefined) whenOrphaned(() => hear('SIGTERM'))
  // Progress that nobody reads is no reason to lose a run: `| tee` hears Ctrl-C too, and a closed terminal reads nothing.
  process.stderr.on('error', () => undefined)
  process.stdout.on('error', () => undefined)
  return { signals, print }
}

const ORPHAN_CHECK_MS = 500

/** npm passes SIGTERM on to the shell that it starts us with, and that shell ends without passing it on. */
function whenOrphaned(listener: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    listener()
  }, ORPHAN_CHECK_MS)
  timer.unref()
}

const GONE: ReadonlySet<unknown> = new Set(['EPIPE', 'EIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED'])

function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(`${text}\n`, (error?: Error | null) => {
      if (!error) return resolve()
      reject(
        'code' in error && GONE.has(error.code)
          ? new OutputClosed()
          : new AppError(
              'storage-failed',
              `The output cannot be written (${error.message}); make room there.`,
              {
                cause: error,
              },
            ),
      )
    })
  })
}
