// What the network makes of images with running statistics. A plan is compiled for each size of batch and each result
// that is asked for; they share pipelines.
import { IMAGE_BYTES } from '../../contract/data-set.ts'
import { featuresNode, type Graph } from '../../network/graph.ts'
import type { Batch, Score } from '../engine.ts'
import { inferenceProgram } from './forward.ts'
import { fuse } from './fuse.ts'
import { TALLY_SLOTS } from './kernels/count.ts'
import { activationBytes, unpackChannels } from './layout.ts'
import { lower } from './lower.ts'
import type { LoweringContext } from './lowering.ts'
import type { NetworkMemory } from './network-memory.ts'
import { compilePlan, type Plan, submit } from './plan.ts'
import { readBack } from './read-back.ts'
import type { TrainerDevice } from './trainer-device.ts'

/** Images of one pass; larger batches are evaluated in parts. */
export const EVALUATION_IMAGES = 100

export type Evaluator = {
  /** Logits, size × classes, or what the last linear layer is given, size × its width. */
  read(batch: Batch, what: 'logits' | 'features'): Promise<Float32Array>
  /** The answers to all images, counted on the device and read once. */
  score(batches: AsyncIterable<Batch>): Promise<Score>
  destroy(): void
}

export function createEvaluator(
  host: TrainerDevice,
  graph: Graph,
  memory: NetworkMemory,
  context: Omit<LoweringContext, 'batch'>,
): Evaluator {
  const { device, pipelines } = host
  const { buffers } = memory
  const width = { logits: graph.classes, features: featuresNode(graph).shape.channels }
  const plans = new Map<string, Promise<Plan>>()

  function planFor(size: number, result: 'output' | 'count'): Promise<Plan> {
    const key = `${result} ${size}`
    const known = plans.get(key)
    if (known) return known
    const program = fuse(inferenceProgram(graph, result))
    const made = compilePlan(device, pipelines, lower(program, { ...context, batch: size }), buffers)
    plans.set(key, made)
    return made
  }

  async function readPart(part: Batch, what: 'logits' | 'features'): Promise<Float32Array> {
    const plan = await planFor(part.size, 'output')
    memory.upload(part, {})
    submit(device, plan)
    const bytes = activationBytes(part.size, { height: 1, width: 1, channels: width[what] })
    const [padded] = await readBack(device, [{ buffer: buffers[what], offset: 0, bytes }])
    host.assertWorking()
    return unpackChannels(padded ?? new Float32Array(), width[what])
  }

  async function countAll(batches: AsyncIterable<Batch>): Promise<void> {
    let parts = 0
    let before: Promise<unknown> = Promise.resolve()
    for await (const batch of batches) {
      for (const part of partsOf(batch)) {
        const plan = await planFor(part.size, 'count')
        host.assertWorking()
        memory.upload(part, { metricsSlot: parts++ % TALLY_SLOTS })
        submit(device, plan)
        // One part at work and one waiting: the device is never idle, and whoever gives the batches keeps its pace.
        await before
        // A device that fails here fails the read-back too.
        before = device.queue.onSubmittedWorkDone().catch(() => undefined)
      }
    }
  }

  return {
    async read(batch, what) {
      const values = new Float32Array(batch.size * width[what])
      let end = 0
      for (const part of partsOf(batch)) {
        values.set(await readPart(part, what), end)
        end += part.size * width[what]
      }
      return values
    },

    async score(batches) {
      const bytes = context.layout.bytes.tally
      device.queue.writeBuffer(buffers.tally, 0, new Uint8Array(bytes))
      await countAll(batches)
      const [tally = new Float32Array()] = await readBack(device, [
        { buffer: buffers.tally, offset: 0, bytes },
      ])
      host.assertWorking()
      return {
        confusion: new Uint32Array(tally.buffer, TALLY_SLOTS * Float32Array.BYTES_PER_ELEMENT),
        lossSum: tally.subarray(0, TALLY_SLOTS).reduce((sum, loss) => sum + loss, 0),
      }
    },

    destroy() {
      for (const plan of plans.values()) {
        plan.then(
          ({ destroy }) => destroy(),
          () => undefined,
        )
      }
    },
  }
}

/** A batch as passes take it. */
function partsOf(batch: Batch): Batch[] {
  const parts = Math.ceil(batch.size / EVALUATION_IMAGES)
  return Array.from({ length: parts }, (_, i) => partOf(batch, i * EVALUATION_IMAGES))
}

/** The images from `from` on, as many as one pass takes. */
function partOf({ size, pixels, labels, augmentation }: Batch, from: number): Batch {
  const to = Math.min(size, from + EVALUATION_IMAGES)
  return {
    size: to - from,
    pixels: pixels.subarray(from * IMAGE_BYTES, to * IMAGE_BYTES),
    labels: labels.subarray(from, to),
    augmentation: augmentation && {
      rotation: augmentation.rotation?.subarray(from, to) ?? null,
      padding: augmentation.padding,
      left: augmentation.left.subarray(from, to),
      top: augmentation.top.subarray(from, to),
      flip: augmentation.flip.subarray(from, to),
    },
  }
}
