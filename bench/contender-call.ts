// A contender elsewhere, in a worker of the page or on Node's side of it: a request and a reply for each of its methods.
import { z } from 'zod'
import type { Contender, Training } from './contender.ts'
import { NETWORK_NAMES } from './networks.ts'
import { reasonOf } from './reason-of.ts'
import { createTask } from './task.ts'

const requestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open'), threads: z.int().positive() }),
  /** A task follows from the network and the images of a step, so that no weights are sent. */
  z.object({ kind: z.literal('prepare'), network: z.enum(NETWORK_NAMES), batch: z.int().positive() }),
  z.object({ kind: z.literal('train'), steps: z.int().positive() }),
  /** The end of the training. */
  z.object({ kind: z.literal('release') }),
  z.object({ kind: z.literal('close') }),
])
export type ContenderRequest = z.infer<typeof requestSchema>

const replySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opened'), adapter: z.string() }),
  z.object({ kind: z.literal('done') }),
  /** Null where the loss is not finite. */
  z.object({ kind: z.literal('trained'), loss: z.number().nullable() }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
])
export type ContenderReply = z.infer<typeof replySchema>

/** Answers requests in their order. */
export type Call = (request: ContenderRequest) => Promise<unknown>

/** @throws Error with the reason why it does not open there */
export async function callContender(call: Call, threads: number): Promise<Contender> {
  const ask = async (request: ContenderRequest) => {
    const reply = replySchema.parse(await call(request))
    if (reply.kind === 'failed') throw new Error(reply.reason)
    return reply
  }
  // Nobody waits for these, and after a failure they fail as well.
  const tell = (request: ContenderRequest) => void ask(request).catch(() => undefined)
  const opened = await ask({ kind: 'open', threads })
  return {
    adapter: opened.kind === 'opened' ? opened.adapter : 'unknown',
    async prepare({ network, batch }) {
      await ask({ kind: 'prepare', network, batch: batch.size })
      return {
        async train(steps) {
          const reply = await ask({ kind: 'train', steps })
          return reply.kind === 'trained' ? (reply.loss ?? Number.NaN) : Number.NaN
        },
        dispose: () => tell({ kind: 'release' }),
      }
    },
    dispose: () => tell({ kind: 'close' }),
  }
}

/** The other side of `callContender`. What fails is a reply. */
export function answerCalls(
  open: (threads: number) => Promise<Contender>,
): (request: unknown) => Promise<ContenderReply> {
  let contender: Contender | null = null
  let training: Training | null = null
  let last: Promise<unknown> = Promise.resolve()

  function release(): void {
    training?.dispose()
    training = null
  }

  async function answer(request: ContenderRequest): Promise<ContenderReply> {
    switch (request.kind) {
      case 'open':
        contender = await open(request.threads)
        return { kind: 'opened', adapter: contender.adapter }
      case 'prepare':
        if (!contender) throw new Error('It is not open.')
        training = await contender.prepare(createTask(request.network, request.batch))
        return { kind: 'done' }
      case 'train': {
        if (!training) throw new Error('It has nothing to train.')
        const loss = await training.train(request.steps)
        return { kind: 'trained', loss: Number.isFinite(loss) ? loss : null }
      }
      case 'release':
        release()
        return { kind: 'done' }
      case 'close':
        release()
        contender?.dispose()
        contender = null
        return { kind: 'done' }
      default:
        return request satisfies never
    }
  }

  return (request) => {
    const reply = last.then(async (): Promise<ContenderReply> => {
      try {
        return await answer(requestSchema.parse(request))
      } catch (error) {
        return { kind: 'failed', reason: reasonOf(error) }
      }
    })
    last = reply
    return reply
  }
}
