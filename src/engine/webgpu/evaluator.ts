// Logits with running statistics. A plan is compiled for each size of batch that is asked for; they share pipelines.
import type { Graph } from '../../network/graph.ts'
import type { Batch } from '../engine.ts'
import { inferenceProgram } from './forward.ts'
import { fuse } from './fuse.ts'
import { activationBytes, unpackChannels } from './layout.ts'
import { lower } from './lower.ts'
import type { LoweringContext } from './lowering.ts'
import type { NetworkMemory } from './network-memory.ts'
import { compilePlan, type Plan, submit } from './plan.ts'
import { readBack } from './read-back.ts'
import type { TrainerDevice } from './trainer-device.ts'
import { IMAGE_BYTES } from '../../contract/data-set.ts'

/** Images of one pass; larger batches are evaluated in parts. */
export const EVALUATION_IMAGES = 100

export type Evaluator = {
  /** Logits, size × classes. */
  evaluate(batch: Batch): Promise<Float32Array>
  destroy(): void
}

export function createEvaluator(
  host: TrainerDevice,
  graph: Graph,
  memory: NetworkMemory,
  context: Omit<LoweringContext, 'batch'>,
): Evaluator {
  const { device, pipelines } = host
  const program = fuse(inferenceProgram(graph))
  const plans = new Map<number, Promise<Plan>>()

  function planFor(size: number): Promise<Plan> {
    const known = plans.get(size)
    if (known) return known
    const made = compilePlan(device, pipelines, lower(program, { ...context, batch: size }), memory.buffers)
    plans.set(size, made)
    return made
  }

  async function evaluatePart(part: Batch): Promise<Float32Array> {
    const plan = await planFor(part.size)
    memory.upload(part, { metricsSlot: 0, learningRate: 0 })
    submit(device, plan)
    const bytes = activationBytes(part.size, { height: 1, width: 1, channels: graph.classes })
    const [padded] = await host.answer(
      readBack(device, [{ buffer: memory.buffers.logits, offset: 0, bytes }]),
    )
    return unpackChannels(padded ?? new Float32Array(), graph.classes)
  }

  return {
    async evaluate(batch) {
      const logits = new Float32Array(batch.size * graph.classes)
      for (let from = 0; from < batch.size; from += EVALUATION_IMAGES) {
        logits.set(await evaluatePart(partOf(batch, from)), from * graph.classes)
      }
      return logits
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

/** The images from `from` on, as many as one pass takes. */
function partOf({ size, pixels, labels, augmentation }: Batch, from: number): Batch {
  const to = Math.min(size, from + EVALUATION_IMAGES)
  return {
    size: to - from,
    pixels: pixels.subarray(from * IMAGE_BYTES, to * IMAGE_BYTES),
    labels: labels.subarray(from, to),
    augmentation: augmentation && {
      padding: augmentation.padding,
      left: augmentation.left.subarray(from, to),
      top: augmentation.top.subarray(from, to),
      flip: augmentation.flip.subarray(from, to),
    },
  }
}
