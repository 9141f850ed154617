// What the network makes of images with running statistics: batches of any size, in parts of the size planned for.
import { IMAGE_BYTES } from '../../contract/data-set.ts'
import { featuresNode, type Graph } from '../../network/graph.ts'
import type { Batch, Score } from '../engine.ts'
import { TALLY_SLOTS } from './kernels/count.ts'
import { activationBytes, unpackChannels } from './layout.ts'
import type { NetworkMemory } from './network-memory.ts'
import { type Plan, submit } from './plan.ts'
import { readBack } from './read-back.ts'
import type { TrainerDevice } from './trainer-device.ts'

export type Evaluator = {
  /** Logits, size × classes, or what the last linear layer is given, size × its width. */
  read(batch: Batch, what: 'logits' | 'features'): Promise<Float32Array>
  /** The answers to all images, counted on the device and read once. */
  score(batches: AsyncIterable<Batch>): Promise<Score>
}

export type EvaluationPlans = {
  /** Keeps logits and features. */
  readonly answer: Plan
  /** Counts the answers. */
  readonly count: Plan
  /** Of one pass at most. */
  readonly images: number
}

export function createEvaluator(
  host: TrainerDevice,
  graph: Graph,
  memory: NetworkMemory,
  { answer, count, images }: EvaluationPlans,
): Evaluator {
  const { device } = host
  const { buffers } = memory
  const tally = { buffer: buffers.tally, offset: 0, bytes: buffers.tally.size }
  const width = { logits: graph.classes, features: featuresNode(graph).shape.channels }

  function partsOf(batch: Batch): Batch[] {
    const parts = Math.ceil(batch.size / images)
    return Array.from({ length: parts }, (_, i) => partOf(batch, i * images, images))
  }

  async function readPart(part: Batch, what: 'logits' | 'features'): Promise<Float32Array> {
    memory.upload(part, {})
    submit(device, answer)
    const bytes = activationBytes(part.size, { height: 1, width: 1, channels: width[what] })
    const [padded] = await host.answer(readBack(device, [{ buffer: buffers[what], offset: 0, bytes }]))
    return unpackChannels(padded ?? new Float32Array(), width[what])
  }

  async function countAll(batches: AsyncIterable<Batch>): Promise<void> {
    let parts = 0
    let before: Promise<unknown> = Promise.resolve()
    for await (const batch of batches) {
      for (const part of partsOf(batch)) {
        host.assertWorking()
        memory.upload(part, { metricsSlot: parts++ % TALLY_SLOTS })
        submit(device, count)
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
      device.queue.writeBuffer(tally.buffer, 0, new Uint8Array(tally.bytes))
      await countAll(batches)
      const [read = new Float32Array()] = await host.answer(readBack(device, [tally]))
      return {
        confusion: new Uint32Array(read.buffer, TALLY_SLOTS * Float32Array.BYTES_PER_ELEMENT),
        lossSum: read.subarray(0, TALLY_SLOTS).reduce((sum, loss) => sum + loss, 0),
      }
    },
  }
}

/** The images from `from` on, `most` at most. */
function partOf({ size, pixels, labels, augmentation }: Batch, from: number, most: number): Batch {
  const to = Math.min(size, from + most)
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
