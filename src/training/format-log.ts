// What a session writes in its log before the first step.
import type { RunConfig } from '../config/run-config.ts'
import { DATA_SETS } from '../base/data-set.ts'
import { ENGINE_TITLES, type EngineName } from '../contract/device-info.ts'
import { lastEngine, type TrainedEngine } from '../contract/trained-engines.ts'
import type { MemoryBytes } from '../engine/engine.ts'
import { formatNetwork } from '../network/format-network.ts'
import type { RunImages } from './run-images.ts'

/** @param step from which the run goes on; 0 where it begins */
export function startLine(config: RunConfig, images: RunImages, step: number): string {
  const { train, validation, test } = images
  const { network, data, batchSize, seed } = config
  const set = DATA_SETS[data.set]
  return (
    `${formatNetwork(network)}, on ${set.title}: ${train.count} training${validation ? `, ${validation.count} validation` : ''} and ${test.count} test images, batch ${batchSize}, seed ${seed}` +
    (step > 0 ? `, from the checkpoint of step ${step}` : '')
  )
}

const COMPILING = {
  measure: 'measuring kernels of',
  compile: 'compiling',
  'first-run': 'trying out',
} as const

/** What is being prepared: "compiling network 1 of 2". */
export function compilingPhase(stage: keyof typeof COMPILING, index: number, count: number): string {
  return `${COMPILING[stage]} ${count === 1 ? 'the network' : `network ${index + 1} of ${count}`}`
}

/** Null where the engine that trained a run so far goes on, or none is known. */
export function engineChangeLine(
  engines: readonly TrainedEngine[],
  engine: EngineName,
  step: number,
): string | null {
  const before = lastEngine(engines)
  if (step === 0 || before === null || before === engine) return null
  return (
    `Up to step ${step} this run was trained with ${ENGINE_TITLES[before]}; from here on ${ENGINE_TITLES[engine]} trains it, ` +
    `so its last digits are not those of a run that stayed with one engine.`
  )
}

/** What a network takes of the device's memory, before it is taken. */
export function memoryLine(bytes: MemoryBytes): string {
  const { parameters, gradients, optimiser, activations, other } = bytes
  const total = parameters + gradients + optimiser + activations + other
  return (
    `Memory: ${mebibytes(total)} (parameters ${mebibytes(parameters)}, gradients ${mebibytes(gradients)}, ` +
    `optimiser ${mebibytes(optimiser)}, activations ${mebibytes(activations)}, other ${mebibytes(other)})`
  )
}

/** @param share of the whitening that is computed; the time that is left follows from it and the time that passed */
export function whiteningPhase(share: number, seconds: number): string {
  const done = `computing the whitening, ${Math.floor(100 * share)} %`
  // Before that the estimate jumps.
  if (share < 0.02) return done
  const left = (seconds * (1 - share)) / share
  return `${done}, about ${left < 90 ? `${Math.ceil(left / 10) * 10} s` : `${Math.round(left / 60)} min`} left`
}

const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`
