// Expected failures carry a code and one sentence that says what happened and what to do; bugs keep their stack.

export const APP_ERROR_CODES = [
  // files that a person gave
  'file-unreadable', // gone, or another, by the time it is read
  // archives and image records
  'archive-not-found', // 404
  'archive-forbidden', // 401, 403
  'archive-unreachable', // no connection, other HTTP errors
  'archive-interrupted', // the connection was cut before the last byte
  'archive-not-gzip', // an HTML page, or anything else that is not a gzip stream
  'archive-truncated', // ends inside a file or a record
  'archive-digest', // a file whose sha256 is not the published one
  'archive-incomplete', // a file that the data set needs is missing
  'label-out-of-range',
  'data-set-absent', // asked to train on a data set that is not stored
  // storage
  'storage-full',
  'storage-failed',
  'storage-refused', // the browser lets this page store nothing
  // configuration
  'config-invalid',
  'link-invalid',
  // weights
  'weights-malformed', // not a safetensors file, or its header lies
  'weights-mismatch', // another architecture's weights
  'weights-not-finite',
  'weights-too-large', // more than the page is sent to look at
  // checkpoints
  'checkpoint-unreadable', // missing, damaged, or of another version
  'checkpoint-mismatch', // another run's
  'engine-changed', // another engine than the checkpoint's would go on, and nobody said that it may
  // stored runs
  'run-absent', // not stored here, or deleted
  'run-busy', // in training, here or in another tab
  'queue-busy', // another tab works on the queue
  'run-unreadable', // a file that should hold runs does not, or not whole ones
  'runs-too-large', // more than one zip holds
  'run-damaged', // its record or checkpoint is not what was written
  // devices and training
  'device-unavailable',
  'device-lost', // what it computed since is void; another device may go on
  'out-of-memory', // more than the device has: asking again does not help
  'training-diverged',
  'session-unknown',
  'aborted',
  // the page
  'part-unreachable', // a chunk of the page that could not be fetched
  // anything that we did not expect
  'internal',
] as const

export type AppErrorCode = (typeof APP_ERROR_CODES)[number]

export class AppError extends Error {
  readonly code: AppErrorCode

  constructor(code: AppErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'AppError'
    this.code = code
  }
}

/** A failure as plain data: what crosses `postMessage` and what a person reads. */
export type Failure = { code: AppErrorCode; message: string; details: string | null }

export function toFailure(error: unknown): Failure {
  if (error instanceof AppError) {
    return { code: error.code, message: error.message, details: causeOf(error) }
  }
  if (error instanceof Error) {
    return {
      code: 'internal',
      message: `Unexpected error: ${error.message}`,
      details: error.stack ?? null,
    }
  }
  return {
    code: 'internal',
    message: `Unexpected error: ${String(error)}`,
    details: null,
  }
}

function causeOf(error: Error): string | null {
  return error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : null
}
