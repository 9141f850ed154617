// One network on a WebGPU device: a training step, compiled once and replayed, and evaluations of the same kind.
import { AppError } from '../../base/app-error.ts'
import type { Graph } from '../../network/graph.ts'
import type { Batch, CompileOptions, KernelTime, StepHyper, StepMetrics, Trainer } from '../engine.ts'
import { stepFactors } from '../../optimisers/index.ts'
import { differentiate } from '../compiler/differentiate.ts'
import { createEvaluator } from './evaluator.ts'
import { fuse } from '../compiler/fuse.ts'
import { guarded } from './device/guard.ts'
import { convolutionsOf } from './lowering/lower-convolution.ts'
import { createMetricsRing, METRICS_SLOT_BYTES } from './device/metrics-ring.ts'
import { createNetworkMemory, type NetworkMemory } from './memory/network-memory.ts'
import { type NetworkPlan, type PlacedProgram, planNetwork, total } from './network-plan.ts'
import { compilePlan, type Plan, submit } from './plan.ts'
import { readBack } from './device/read-back.ts'
import { submitTimed } from './device/submit-timed.ts'
import type { TrainerDevice } from './device/trainer-device.ts'
import { countingCache, warmUp } from './device/warm-up.ts'

/** Every so many steps the device is asked whether it accepted the commands. */
const STEPS_PER_CHECK = 64

/** @throws AppError `config-invalid`, `out-of-memory`, `device-unavailable`, `device-lost`, `weights-mismatch` */
export async function createWebGpuTrainer(
  host: TrainerDevice,
  graph: Graph,
  options: CompileOptions,
): Promise<Trainer> {
  const { device } = host
  const { batchSize, activations } = options
  const convolutions =
    batchSize === null ? [] : convolutionsOf(fuse(differentiate(graph)), { batch: batchSize, activations })
  const choice = await host.kernels.choose(convolutions, (ready, all) =>
    options.onProgress?.({ kind: 'kernels', stage: 'measure', ready, total: all }),
  )
  const planned = planNetwork(graph, { ...options, choice }, device.limits)
  options.onProgress?.({ kind: 'memory', bytes: planned.bytes })
  const { memory, step: stepPlan, evaluation } = await prepare(host, graph, planned, options)
  const evaluator = createEvaluator(host, graph, memory, {
    plan: evaluation,
    images: planned.evaluation.images,
  })
  const ring = createMetricsRing()
  let steps = options.initial.steps

  /** The plan of a step on this batch. */
  function stepFor(batch: Batch): Plan {
    host.assertWorking()
    if (!stepPlan || batch.size > (options.batchSize ?? 0)) {
      throw new Error(`no step of ${batch.size} images was compiled`)
    }
    return stepPlan
  }

  function upload(batch: Batch, { learningRate }: StepHyper, number: number): void {
    const factors = stepFactors(options.optimiser, number + 1)
    memory.upload(batch, { metricsSlot: ring.take(), learningRate, number, stepFactors: factors })
  }

  async function profile(batch: Batch, hyper: StepHyper): Promise<KernelTime[]> {
    const compiled = stepFor(batch)
    upload(batch, hyper, steps++)
    return host.answer(submitTimed(device, compiled))
  }

  return {
    ...(device.features.has('timestamp-query') && { profile }),

    step(batch, hyper) {
      const compiled = stepFor(batch)
      const number = steps++
      const run = () => {
        upload(batch, hyper, number)
        submit(device, compiled)
      }
      if (number % STEPS_PER_CHECK === 0) guarded(device, run).catch((error: unknown) => host.fail(error))
      else run()
    },

    async drain() {
      host.assertWorking()
      const ranges = ring.release().map(({ first, count }) => ({
        buffer: memory.buffers.metrics,
        offset: first * METRICS_SLOT_BYTES,
        bytes: count * METRICS_SLOT_BYTES,
      }))
      if (ranges.length === 0) return []
      const read = await host.answer(readBack(device, ranges))
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
      const state = await host.answer(memory.read())
      // Before the first step the slots hold zeros, which say nothing.
      return { ...state, slots: taken === 0 ? {} : state.slots, steps: taken }
    },

    write(state) {
      memory.write(state)
      steps = state.steps
    },

    dispose() {
      stepPlan?.destroy()
      evaluation.destroy()
      memory.destroy()
    },
  }
}

type Prepared = {
  readonly memory: NetworkMemory
  /** Null for a trainer that only evaluates. */
  readonly step: Plan | null
  readonly evaluation: Plan
}

/** Takes the network's memory and compiles its kernels. Leaves nothing behind where that fails. */
async function prepare(
  host: TrainerDevice,
  graph: Graph,
  plan: NetworkPlan,
  options: CompileOptions,
): Promise<Prepared> {
  const { device } = host
  const memory = await allocate(device, graph, plan, options)
  const made: Plan[] = []
  const compile = async (program: PlacedProgram): Promise<Plan> => {
    const compiled = await compilePlan(device, pipelines, program, memory)
    made.push(compiled)
    return compiled
  }
  const pipelines = countingCache(host.pipelines, plan, options.onProgress)
  try {
    const step = plan.training && (await compile(plan.training))
    const evaluation = await compile(plan.evaluation)
    await warmUp(device, memory, [...(step ? [step] : []), evaluation], options)
    memory.write(options.initial)
    return { memory, step, evaluation }
  } catch (error) {
    for (const { destroy } of made) destroy()
    memory.destroy()
    throw error
  }
}

/** @throws AppError `out-of-memory`, saying how much was needed */
async function allocate(
  device: GPUDevice,
  graph: Graph,
  plan: NetworkPlan,
  options: CompileOptions,
): Promise<NetworkMemory> {
  try {
    return await guarded(
      device,
      () => createNetworkMemory(device, plan, { ...options, graph }),
      (made) => made.destroy(),
    )
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'out-of-memory') throw cause
    const mebibytes = Math.ceil(total(Object.values(plan.bytes)) / 2 ** 20).toLocaleString('en')
    const batch = options.batchSize === null ? '' : ` at batch ${options.batchSize}`
    throw new AppError(
      'out-of-memory',
      `The network needs ${mebibytes} MiB of graphics memory${batch}, and the device does not have them; choose a smaller batch, a smaller width or fewer blocks.`,
      { cause },
    )
  }
}

/** Loss and correct count of each slot. */
function metricsOf(slots: Float32Array): StepMetrics[] {
  return Array.from({ length: slots.length / 2 }, (_, i) => ({
    loss: slots[2 * i] ?? Number.NaN,
    correct: slots[2 * i + 1] ?? Number.NaN,
  }))
}
