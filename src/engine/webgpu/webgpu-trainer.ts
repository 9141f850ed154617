// One network on a WebGPU device: a training step, compiled once and replayed, and evaluations of the same kind.
import { IMAGE_BYTES } from '../../contract/data-set.ts'
import type { Graph } from '../../network/graph.ts'
import type { Batch, CompileOptions, StepMetrics, Trainer } from '../engine.ts'
import { biasCorrection } from '../optimiser.ts'
import { differentiate } from './differentiate.ts'
import { createEvaluator, EVALUATION_IMAGES } from './evaluator.ts'
import { fuse } from './fuse.ts'
import { guarded } from './guard.ts'
import { lower } from './lower.ts'
import type { LoweringContext } from './lowering.ts'
import { createMetricsRing, METRICS_SLOT_BYTES } from './metrics-ring.ts'
import { networkLayout } from './network-layout.ts'
import { createNetworkMemory, type NetworkMemory } from './network-memory.ts'
import { compilePlan, type Plan, submit } from './plan.ts'
import { readBack } from './read-back.ts'
import type { TrainerDevice } from './trainer-device.ts'

/** Every so many steps the device is asked whether it accepted the commands. */
const STEPS_PER_CHECK = 64

/** @throws AppError `config-invalid`, `device-unavailable`, `device-lost`, `weights-mismatch` */
export async function createWebGpuTrainer(
  host: TrainerDevice,
  graph: Graph,
  options: CompileOptions,
): Promise<Trainer> {
  const { device } = host
  const capacity = Math.max(options.batchSize ?? 0, EVALUATION_IMAGES)
  const context = {
    ...options,
    graph,
    layout: networkLayout(graph, options, capacity),
    weightSpace: host.weightSpace,
  }
  const { memory, training } = await allocate(host, context)
  const evaluator = createEvaluator(host, graph, memory, context)
  const ring = createMetricsRing()
  let steps = options.initial.steps

  function execute(plan: Plan, batch: Batch, learningRate: number): void {
    const correction = biasCorrection(options.optimiser, steps + 1)
    memory.upload(batch, { metricsSlot: ring.take(), learningRate, biasCorrection: correction })
    submit(device, plan)
  }

  return {
    step(batch, { learningRate }) {
      host.assertWorking()
      if (!training || batch.size > training.batchSize) {
        throw new Error(`no step of ${batch.size} images was compiled`)
      }
      const run = () => execute(training.plan, batch, learningRate)
      if (steps % STEPS_PER_CHECK === 0) guarded(device, run).catch((error: unknown) => host.fail(error))
      else run()
      steps++
    },

    async drain() {
      host.assertWorking()
      const ranges = ring.release().map(({ first, count }) => ({
        buffer: memory.buffers.metrics,
        offset: first * METRICS_SLOT_BYTES,
        bytes: count * METRICS_SLOT_BYTES,
      }))
      if (ranges.length === 0) return []
      const read = await readBack(device, ranges)
      host.assertWorking()
      return read.flatMap(metricsOf)
    },

    async evaluate(batch) {
      host.assertWorking()
      return evaluator.read(batch, 'logits')
    },

    async features(batch) {
      host.assertWorking()
      return evaluator.read(batch, 'features')
    },

    async score(batches) {
      host.assertWorking()
      return evaluator.score(batches)
    },

    async read() {
      host.assertWorking()
      const taken = steps
      const state = await memory.read()
      host.assertWorking()
      // Before the first step the slots hold zeros, which say nothing.
      return { ...state, slots: taken === 0 ? {} : state.slots, steps: taken }
    },

    write(state) {
      memory.write(state)
      steps = state.steps
    },

    dispose() {
      training?.plan.destroy()
      evaluator.destroy()
      memory.destroy()
    },
  }
}

type Allocated = {
  readonly memory: NetworkMemory
  /** Null for a trainer that only evaluates. */
  readonly training: { readonly plan: Plan; readonly batchSize: number } | null
}

/** The network's memory, and its training step where there is to be one. Leaves nothing behind where it fails. */
async function allocate(
  { device, pipelines }: TrainerDevice,
  context: Omit<LoweringContext, 'batch'> & Pick<CompileOptions, 'batchSize' | 'initial'>,
): Promise<Allocated> {
  const { graph, batchSize, initial } = context
  const lowered =
    batchSize === null ? null : lower(fuse(differentiate(graph)), { ...context, batch: batchSize })
  const partialBytes = lowered?.partialBytes ?? null
  const memory = await guarded(
    device,
    () => createNetworkMemory(device, { ...context, partialBytes }),
    (made) => made.destroy(),
  )
  let plan: Plan | null = null
  try {
    if (lowered && batchSize !== null) {
      plan = await compilePlan(device, pipelines, lowered, memory.buffers)
      await warmUp(device, memory, plan, batchSize)
    }
    memory.write(initial)
    return { memory, training: plan && batchSize !== null ? { plan, batchSize } : null }
  } catch (error) {
    plan?.destroy()
    memory.destroy()
    throw error
  }
}

/** One step on black images: some drivers compile a shader at its first use, and a bad command shows here. */
async function warmUp(
  device: GPUDevice,
  memory: NetworkMemory,
  plan: Plan,
  batchSize: number,
): Promise<void> {
  const black: Batch = {
    size: batchSize,
    pixels: new Uint8Array(batchSize * IMAGE_BYTES),
    labels: new Uint8Array(batchSize),
    augmentation: null,
  }
  await guarded(device, () => {
    memory.upload(black, {})
    submit(device, plan)
  })
  await device.queue.onSubmittedWorkDone()
}

/** Loss and correct count of each slot. */
function metricsOf(slots: Float32Array): StepMetrics[] {
  return Array.from({ length: slots.length / 2 }, (_, i) => ({
    loss: slots[2 * i] ?? Number.NaN,
    correct: slots[2 * i + 1] ?? Number.NaN,
  }))
}
