// The page's end of the line to the training worker: commands out, replies and events in, nothing trusted unparsed.
import type { z } from 'zod'
import { AppError, type Failure, toFailure } from '../base/app-error.ts'
import {
  type Command,
  type CommandKind,
  COMMANDS,
  type ReplyOf,
  type Response,
  responseSchema,
} from '../contract/commands.ts'
import type { EngineSetting } from '../contract/engine-setting.ts'
import { eventSchema, type TrainEvent } from '../contract/events.ts'

/** What a Worker and a MessagePort have in common. */
export type Port = {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void
}

export type Listener = {
  onEvent(event: TrainEvent): void
  /** The worker is gone, or speaks nonsense; a sentence for the person. */
  onFailure(failure: Failure): void
}

export type WorkerClient = {
  /** @throws AppError the worker's own failure, or `internal` where the worker died before it answered */
  call<K extends CommandKind>(command: Command & { kind: K }): Promise<ReplyOf<K>>
  /** Declares the worker dead: every pending and later call fails. */
  end(reason: string, details?: string): void
}

type Pending = { resolve(value: unknown): void; reject(error: AppError): void }

export function createWorkerClient(port: Port, listener: Listener): WorkerClient {
  const pending = new Map<number, Pending>()
  let lastId = 0
  let death: AppError | null = null

  function end(reason: string, details?: string): void {
    if (death) return
    death = new AppError(
      'internal',
      `The training worker stopped: ${reason}. Stored data sets and runs are safe. Reload the page to continue.`,
      details === undefined ? undefined : { cause: new Error(details) },
    )
    for (const call of pending.values()) call.reject(death)
    pending.clear()
    listener.onFailure(toFailure(death))
  }

  function settle(response: Response): void {
    const waiting = pending.get(response.id)
    if (!waiting) return listener.onFailure(malformed('reply', `no call has the id ${response.id}`))
    pending.delete(response.id)
    if (response.kind === 'done') return waiting.resolve(response.value)
    const { code, message, details } = response.failure
    waiting.reject(new AppError(code, message, details === null ? undefined : { cause: causeWith(details) }))
  }

  port.addEventListener('message', ({ data }) => {
    const event = eventSchema.safeParse(data)
    if (event.success) return listener.onEvent(event.data)
    const response = responseSchema.safeParse(data)
    if (response.success) return settle(response.data)
    listener.onFailure(malformed('message', event.error.message))
  })

  return {
    end,
    async call<K extends CommandKind>(command: Command & { kind: K }) {
      if (death) throw death
      const id = ++lastId
      const value = await new Promise<unknown>((resolve, reject) => {
        pending.set(id, { resolve, reject })
        port.postMessage({ id, command })
      })
      return parseReply<K>(command.kind, value)
    },
  }
}

/**
 * The one place where the page starts its worker.
 * @param setting which engine to open first
 */
export function startWorker(listener: Listener, setting: EngineSetting): WorkerClient {
  const worker = new Worker(new URL('../worker/worker.ts', import.meta.url), {
    type: 'module',
    // All that a worker can be told before its first message.
    name: JSON.stringify(setting),
  })
  const client = createWorkerClient(worker, listener)
  worker.addEventListener('error', (event) => {
    // An error that the worker threw has a message; a script that could not be loaded has none.
    const reason = event.message
      ? 'it met an error that it did not foresee'
      : 'its program could not be loaded'
    client.end(reason, event.message || undefined)
    worker.terminate()
  })
  worker.addEventListener('messageerror', () => client.end('a message could not be read'))
  return client
}

/** The commands again, indexed so that the compiler can follow a kind to its reply. */
const commands: { readonly [K in CommandKind]: { readonly reply: z.ZodType<ReplyOf<K>> } } = COMMANDS

function parseReply<K extends CommandKind>(kind: K, value: unknown): ReplyOf<K> {
  const parsed = commands[kind].reply.safeParse(value)
  if (parsed.success) return parsed.data
  throw new AppError(
    'internal',
    `The training worker's reply to "${kind}" has an unexpected form. Reload the page.`,
    {
      cause: parsed.error,
    },
  )
}

function malformed(what: string, details: string): Failure {
  return {
    code: 'internal',
    message: `The page received an unexpected ${what} from the training worker. Reload the page.`,
    details,
  }
}

function causeWith(details: string): Error {
  const cause = new Error(details)
  cause.stack = details
  return cause
}
