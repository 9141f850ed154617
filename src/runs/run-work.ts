// How much there is to compute in a run, and how long that takes at a pace that was measured on other runs.
import type { RunConfig } from '../config/run-config.ts'
import { buildGraph } from '../network/build-graph.ts'
import { networkFacts } from '../network/network-facts.ts'
import type { QueuedSession } from './queue-order.ts'
import { runLength } from './run-length.ts'

/** A backward pass takes about two forward passes: gradients of the inputs and of the weights. */
const TRAINING_PASSES = 3

/** Of one image's forward pass, by network and classes: counting builds a graph. */
const counted = new Map<string, number>()

function flopsOf(config: RunConfig): number {
  const key = `${config.data.set} ${JSON.stringify(config.network)}`
  const known = counted.get(key)
  if (known !== undefined) return known
  const { forwardFlops } = networkFacts(buildGraph(config))
  counted.set(key, forwardFlops)
  return forwardFlops
}

/** Floating-point operations of a whole run, its evaluations included. */
export function runWork(config: RunConfig): number {
  const { totalSteps, epochs, testImages, validationImages, trainImages, stepsPerEpoch } = runLength(config)
  const trained = (totalSteps / stepsPerEpoch) * trainImages
  const evaluations = epochs + (config.evaluateFirst ? 1 : 0)
  const evaluated = evaluations * (testImages + validationImages)
  return flopsOf(config) * (TRAINING_PASSES * trained + evaluated)
}

/** Floating-point operations a second of runs in lockstep that each train so many images a second; null where unmeasured. */
export function paceOf(configs: readonly RunConfig[], imagesPerSecond: number | null): number | null {
  if (imagesPerSecond === null || configs.length === 0) return null
  return configs.reduce((sum, config) => sum + flopsOf(config) * TRAINING_PASSES * imagesPerSecond, 0)
}

/** Seconds that a session still takes at this pace, from where its runs were stored last. */
export function sessionSeconds({ runs }: Pick<QueuedSession, 'runs'>, pace: number): number {
  const left = runs.map(({ config, steps, totalSteps }) => {
    const share = totalSteps === 0 ? 1 : Math.max(0, 1 - steps / totalSteps)
    return share * runWork(config)
  })
  return left.reduce((sum, work) => sum + work, 0) / pace
}

/** What is in training now, in the queue or not; `secondsLeft` null where that is not known yet. */
export type InTraining = { readonly session: string; readonly secondsLeft: number | null }

/** Seconds until the whole queue is done; null before any pace was measured. */
export function queueSeconds(
  queue: readonly QueuedSession[],
  pace: number | null,
  inTraining: InTraining | null,
): number | null {
  if (pace === null) return null
  const byHand = queue.every(({ session }) => session !== inTraining?.session)
  return queue.reduce(
    (sum, queued) => {
      const measured = queued.session === inTraining?.session ? inTraining.secondsLeft : null
      return sum + (measured ?? sessionSeconds(queued, pace))
    },
    byHand ? (inTraining?.secondsLeft ?? 0) : 0,
  )
}
