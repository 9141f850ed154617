// PyTorch on the CPU, in a Python process of its own (pytorch_cpu.py), so in Node only.
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { decodeBatch } from '../../src/engine/decode-batch.ts'
import type { Contender } from '../contender.ts'
import { reasonOf } from '../reason-of.ts'
import { NORMALISATION, OPTIMISER, type Task } from '../task.ts'
import { formatThreads } from '../thread-count.ts'
import { type JsonProcess, startJsonProcess } from './json-process.ts'
import { present } from './present.ts'

const SCRIPT = fileURLToPath(new URL('./pytorch_cpu.py', import.meta.url))

/** A python3 of the person's own environment often hides the system's, which has the distribution's PyTorch. */
export const PYTHONS = ['python3', '/usr/bin/python3']

const replySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opened'), torch: z.string(), python: z.string(), threads: z.int() }),
  z.object({ kind: z.literal('done') }),
  /** Null where the loss is not finite, for which JSON has no word. */
  z.object({ kind: z.literal('trained'), loss: z.number().nullable() }),
  z.object({ kind: z.literal('absent') }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
])
type Reply = z.infer<typeof replySchema>

/**
 * @param start starts `pytorch_cpu.py` with a Python
 * @throws Error saying what to install where no Python has PyTorch
 */
export async function openPytorch(
  threads: number,
  pythons: readonly string[] = PYTHONS,
  start: (python: string) => JsonProcess = startScript,
): Promise<Contender> {
  const reasons: string[] = []
  for (const python of pythons) {
    const script = start(python)
    try {
      const reply = await ask(script, { kind: 'open', threads })
      if (reply.kind === 'opened') return contenderOf(script, reply)
      reasons.push(`${python} has none`)
    } catch (error) {
      reasons.push(reasonOf(error).replace(/\.$/, ''))
    }
    script.stop()
  }
  throw new Error(
    `There is no PyTorch (${reasons.join('; ')}); install it with \`pip install torch\` or, on Debian, \`apt install python3-torch\`.`,
  )
}

function startScript(python: string): JsonProcess {
  return startJsonProcess(`PyTorch (${python})`, python, ['-u', SCRIPT])
}

async function ask(script: JsonProcess, request: object): Promise<Reply> {
  const reply = replySchema.parse(await script.ask(request))
  if (reply.kind === 'failed') throw new Error(reply.reason)
  return reply
}

function contenderOf(
  script: JsonProcess,
  { torch, python, threads }: Extract<Reply, { kind: 'opened' }>,
): Contender {
  return {
    adapter: `PyTorch ${torch}, Python ${python}, ${formatThreads(threads)}`,
    async prepare(task) {
      await ask(script, { kind: 'prepare', ...preparation(task) })
      return {
        async train(steps) {
          const reply = await ask(script, { kind: 'train', steps })
          return reply.kind === 'trained' ? (reply.loss ?? Number.NaN) : Number.NaN
        },
        // Nobody waits for it, and after a failure it fails as well.
        dispose: () => void ask(script, { kind: 'release' }).catch(() => undefined),
      }
    },
    dispose: () => script.stop(),
  }
}

/** The network as its Graph, the same values for it, and the same images. Arrays of float32 are base64. */
function preparation({ graph, initial, batch }: Task) {
  return {
    nodes: graph.nodes,
    output: graph.output,
    parameters: Object.fromEntries(
      graph.parameters.map(({ name }) => [name, base64(present(initial.parameters[name], name))]),
    ),
    images: base64(decodeBatch(batch, NORMALISATION)),
    labels: [...batch.labels],
    optimiser: {
      lr: OPTIMISER.learningRate,
      momentum: OPTIMISER.momentum,
      weight_decay: OPTIMISER.weightDecay,
    },
  }
}

function base64({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64')
}
