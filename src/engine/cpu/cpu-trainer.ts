// One network on the CPU: a training step, compiled once and run again and again, and evaluations of the same kind.
import { featuresNode, type Graph } from '../../network/graph.ts'
import { partsOf } from '../batch-parts.ts'
import type { Batch, CompileOptions, KernelTime, StepHyper, StepMetrics, Trainer } from '../engine.ts'
import { stepFactors } from '../../optimisers/index.ts'
import { createScore } from '../score.ts'
import type { EncodedProgram } from './encode-program.ts'
import type { Executor } from './threads/executor.ts'
import { createNetworkMemory, outOfMemory, type StepInputs } from './memory/network-memory.ts'
import { type NetworkPlan, planNetwork } from './network-plan.ts'
import type { Call } from './lowering/work.ts'

/** The engine as its trainers see it. */
export type TrainerHost = {
  readonly executor: Executor
  /** Work that needs all threads, in the order in which it was asked for. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
  /** @throws AppError the engine's failure, where it has failed */
  assertWorking(): void
}

const NO_INPUTS: StepInputs = { learningRate: 0, number: 0, stepFactors: [] }

/** @throws AppError `config-invalid`, `out-of-memory`, `weights-mismatch` */
export async function createCpuTrainer(
  host: TrainerHost,
  graph: Graph,
  options: CompileOptions,
): Promise<Trainer> {
  const { executor } = host
  const plan = planNetwork(graph, options, executor.threads)
  options.onProgress?.({ kind: 'memory', bytes: plan.bytes })
  const network = createNetworkMemory(plan, graph, options)
  network.write(network.pack(options.initial))
  const attached = await attach(executor, network.memory, plan)
  let isDisposed = false
  let steps = options.initial.steps
  let enqueued: Promise<StepMetrics>[] = []

  const execute = ({ stages, stageCount }: EncodedProgram, timed = false) =>
    attached.run({ stages, first: 0, end: stageCount }, timed)

  /** Work that was asked for before the trainer was disposed of is not done after it. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
    host.inTurn(async () => {
      if (isDisposed) throw new Error('the trainer was disposed of')
      return work()
    })

  function enqueueStep(batch: Batch, { learningRate }: StepHyper, timed: boolean): Promise<StepMetrics> {
    host.assertWorking()
    const { training } = plan
    if (!training || batch.size > (options.batchSize ?? 0)) {
      throw new Error(`no step of ${batch.size} images was compiled`)
    }
    const number = steps++
    const factors = stepFactors(options.optimiser, number + 1)
    const metrics = inTurn(async () => {
      network.upload(batch, { learningRate, number, stepFactors: factors })
      await execute(training, timed)
      return network.metrics()
    })
    // Whoever drains hears of it.
    metrics.catch(() => undefined)
    enqueued.push(metrics)
    return metrics
  }

  /** @returns what `read` makes of each part of the batch */
  async function evaluated<T>(batch: Batch, read: (part: Batch) => T): Promise<T[]> {
    host.assertWorking()
    const values: T[] = []
    for (const part of partsOf(batch, plan.evaluation.images)) {
      values.push(
        await inTurn(async () => {
          network.upload(part, NO_INPUTS)
          await execute(plan.evaluation)
          return read(part)
        }),
      )
    }
    return values
  }

  async function readVectors(
    batch: Batch,
    what: 'logits' | 'features',
    width: number,
  ): Promise<Float32Array> {
    const parts = await evaluated(batch, ({ size }) => network.vectors(what, size, width))
    const values = new Float32Array(batch.size * width)
    let end = 0
    for (const part of parts) {
      values.set(part, end)
      end += part.length
    }
    return values
  }

  return {
    step(batch, hyper) {
      void enqueueStep(batch, hyper, false)
    },

    async drain() {
      host.assertWorking()
      const finished = enqueued
      enqueued = []
      return Promise.all(finished)
    },

    evaluate: (batch) => readVectors(batch, 'logits', graph.classes),
    features: (batch) => readVectors(batch, 'features', featuresNode(graph).shape.channels),

    async score(batches) {
      const score = createScore(graph.classes)
      for await (const batch of batches) {
        await evaluated(batch, ({ size, labels }) =>
          score.add(network.vectors('logits', size, graph.classes), labels.subarray(0, size)),
        )
      }
      return score.finish()
    },

    async read() {
      host.assertWorking()
      const taken = steps
      const state = await inTurn(async () => network.read())
      // Before the first step the slots hold zeros, which say nothing.
      return { ...state, slots: taken === 0 ? {} : state.slots, steps: taken }
    },

    write(state) {
      const packed = network.pack(state)
      inTurn(async () => network.write(packed)).catch(() => undefined)
      steps = state.steps
    },

    async profile(batch, hyper) {
      const { training } = plan
      const { threads } = executor
      await enqueueStep(batch, hyper, true)
      if (!training) throw new Error('no step was compiled')
      const times = network.takeTimes(training, threads)
      return training.calls.map((call, i): KernelTime => {
        const milliseconds = (times[i] ?? 0) / threads
        const [flops, bytes] = [call.flops * batch.size, imageBytes(call) * batch.size]
        return { label: call.label, flops, bytes, milliseconds }
      })
    },

    dispose() {
      isDisposed = true
      // Threads may be at work on it.
      host.inTurn(async () => attached.detach()).catch(() => undefined)
    },
  }
}

/** @throws AppError `out-of-memory` */
async function attach(executor: Executor, memory: WebAssembly.Memory, { own, times, pages }: NetworkPlan) {
  try {
    return await executor.attach(memory, own, times)
  } catch (error) {
    throw error instanceof RangeError ? outOfMemory(pages, error) : error
  }
}

/** What a kernel reads and writes of an image, each tensor once. */
function imageBytes({ args }: Call): number {
  const strides = Object.entries(args).filter(([name]) => name.endsWith('Image'))
  return strides.reduce((sum, [, bytes]) => sum + (typeof bytes === 'number' ? bytes : 0), 0)
}
