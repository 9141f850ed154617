// What the network makes of images with running statistics: batches of any size, in parts of the size that was planned for.
import { featuresNode, type Graph } from '../../network/graph.ts'
import { partsOf } from '../batch-parts.ts'
import type { Batch, Score } from '../engine.ts'
import type { BufferRange } from './lowering/dispatch.ts'
import { SCORED_IMAGES, TALLY_SLOTS } from './kernels/count.ts'
import { activationBytes, unpackChannels } from './memory/layout.ts'
import { tallyRanges } from './memory/network-layout.ts'
import type { NetworkMemory } from './memory/network-memory.ts'
import { type Plan, submit } from './plan.ts'
import { readBack } from './device/read-back.ts'
import type { TrainerDevice } from './device/trainer-device.ts'

export type Evaluator = {
  /** Logits, size × classes, or what the last linear layer is given, size × its width. */
  read(batch: Batch, what: 'logits' | 'features'): Promise<Float32Array>
  /** The answers to all images, counted on the device and read once. */
  score(batches: AsyncIterable<Batch>): Promise<Score>
}

/** @param images of one pass at most */
export function createEvaluator(
  host: TrainerDevice,
  graph: Graph,
  memory: NetworkMemory,
  { plan, images }: { readonly plan: Plan; readonly images: number },
): Evaluator {
  const { device } = host
  const { buffers } = memory
  const width = { logits: graph.classes, features: featuresNode(graph).shape.channels }

  async function readPart(part: Batch, what: 'logits' | 'features'): Promise<Float32Array> {
    // No image counts: a score that is under way is not touched.
    memory.upload(part, { images: 0 })
    submit(device, plan)
    const bytes = activationBytes(part.size, { height: 1, width: 1, channels: width[what] })
    const [padded] = await host.answer(readBack(device, [{ buffer: buffers[what], offset: 0, bytes }]))
    return unpackChannels(padded ?? new Float32Array(), width[what])
  }

  /** @returns how many images there were */
  async function countAll(batches: AsyncIterable<Batch>): Promise<number> {
    let parts = 0
    let firstImage = 0
    let before: Promise<unknown> = Promise.resolve()
    for await (const batch of batches) {
      for (const part of partsOf(batch, images)) {
        host.assertWorking()
        if (firstImage + part.size > SCORED_IMAGES) {
          throw new RangeError(`a score is of ${SCORED_IMAGES} images at most`)
        }
        memory.upload(part, { metricsSlot: parts++ % TALLY_SLOTS, firstImage })
        firstImage += part.size
        submit(device, plan)
        // One part at work and one waiting: the device is never idle, and whoever gives the batches keeps its pace.
        await before
        // A device that fails here fails the read-back too.
        before = device.queue.onSubmittedWorkDone().catch(() => undefined)
      }
    }
    return firstImage
  }

  return {
    async read(batch, what) {
      const values = new Float32Array(batch.size * width[what])
      let end = 0
      for (const part of partsOf(batch, images)) {
        values.set(await readPart(part, what), end)
        end += part.size * width[what]
      }
      return values
    },

    async score(batches) {
      device.queue.writeBuffer(buffers.tally, 0, new Uint8Array(buffers.tally.size))
      const count = await countAll(batches)
      const { losses, confusion, predicted } = tallyRanges(graph)
      // Read-backs are of whole words.
      const answers = { ...predicted, bytes: Math.ceil(count / 4) * 4 }
      const ofTally = ({ offset, bytes }: BufferRange) => ({ buffer: buffers.tally, offset, bytes })
      const [sums, counts, bytes] = await host.answer(
        readBack(device, [losses, confusion, answers].map(ofTally)),
      )
      if (!sums || !counts || !bytes) throw new Error('a read-back came without its parts')
      return {
        confusion: new Uint32Array(counts.buffer),
        lossSum: sums.reduce((sum, loss) => sum + loss, 0),
        predicted: new Uint8Array(bytes.buffer, 0, count),
      }
    },
  }
}
