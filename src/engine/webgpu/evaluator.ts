// Logits with running statistics: batches of any size, in parts of the size that was planned for.
import type { Graph } from '../../network/graph.ts'
import type { Batch } from '../engine.ts'
import { activationBytes, unpackChannels } from './layout.ts'
import type { NetworkMemory } from './network-memory.ts'
import { type Plan, submit } from './plan.ts'
import { readBack } from './read-back.ts'
import type { TrainerDevice } from './trainer-device.ts'
import { IMAGE_BYTES } from '../../contract/data-set.ts'

/**
 * @param images of one pass at most
 * @returns a batch's logits, size × classes
 */
export function createEvaluator(
  host: TrainerDevice,
  { classes }: Pick<Graph, 'classes'>,
  memory: NetworkMemory,
  { plan, images }: { readonly plan: Plan; readonly images: number },
): (batch: Batch) => Promise<Float32Array> {
  const { device } = host

  async function evaluatePart(part: Batch): Promise<Float32Array> {
    memory.upload(part, {})
    submit(device, plan)
    const bytes = activationBytes(part.size, { height: 1, width: 1, channels: classes })
    const [padded] = await host.answer(
      readBack(device, [{ buffer: memory.buffers.logits, offset: 0, bytes }]),
    )
    return unpackChannels(padded ?? new Float32Array(), classes)
  }

  return async (batch) => {
    const logits = new Float32Array(batch.size * classes)
    for (let from = 0; from < batch.size; from += images) {
      logits.set(await evaluatePart(partOf(batch, from, images)), from * classes)
    }
    return logits
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
