// Narrow members of the five published systems against PyTorch's of the same definition (scripts/parity/systems.py):
// names, logits, every gradient by its norm and a product with noise, and 20 losses under each author's optimiser.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunConfig } from '../../config/run-config.ts'
import { buildGraph } from '../../network/build-graph.ts'
import { namesIn } from '../../network/rename-parameters.ts'
import type { Graph } from '../../network/graph.ts'
import { findPreset, preferredNaming } from '../../presets/presets.ts'
import { withBlocks, withWidth } from '../../network/resize-network.ts'
import type { CompileOptions, Engine, Trainer, TrainerState } from '../../engine/engine.ts'
import fixture from '../fixtures/systems.json' with { type: 'json' }
import { batchOf, initialValues } from './parity-inputs.ts'
import { decode, noise, norm, relativeError } from './parity.ts'

type Measured = (typeof fixture.networks)[number]

export function describeSystems(name: string, open: () => Promise<Engine>): void {
  describe(`the published systems on ${name}`, () => {
    let engine: Engine
    beforeAll(async () => {
      engine = await open()
    })
    afterAll(() => engine.dispose())

    test.each(fixture.networks.map((measured) => [titleOf(measured), measured] as const))(
      '%s: PyTorch’s logits, gradients and 20 losses',
      async (_, measured) => {
        const { config, graph, authorOf } = build(measured)
        const initial = initialOf(graph, (own) => measured.names.indexOf(authorOf(own)))
        const trainer = await engine.compile(graph, optionsOf(config, initial))
        const logits = await trainer.evaluate(batchOf(500))
        expect(relativeError(logits, decode(measured.evaluationLogits))).toBeLessThan(1e-4)

        const learningRate = config.optimiser.learningRate * fixture.rateFactor
        const losses = await lossesOf(trainer, learningRate)
        const trained = await trainer.read()
        trainer.dispose()
        expect(untrainedErrors(trained, measured, authorOf)).toEqual([])
        expect(relativeError(losses.slice(0, 1), measured.losses.slice(0, 1))).toBeLessThan(1e-5)
        expect(relativeError(losses, measured.losses)).toBeLessThan(1e-3)

        const gradients = await firstGradients(engine, graph, optionsOf(config, initial))
        const byAuthor = new Map(graph.parameters.map(({ name: own }) => [authorOf(own), gradients[own]]))
        expect([...byAuthor.keys()].toSorted()).toEqual(measured.names.toSorted())
        expect(gradientErrors(byAuthor, measured)).toEqual([])
      },
    )
  })
}

/** What iavicenna's batch norm whose output nobody uses has after 20 steps: γ and β as they were, and its statistics. */
function untrainedErrors(
  { parameters, statistics }: TrainerState,
  measured: Measured,
  authorOf: (own: string) => string,
): string[] {
  const found = new Map(
    Object.entries({ ...parameters, ...statistics }).map(([own, values]) => [authorOf(own), values]),
  )
  const wanted: Readonly<Record<string, string>> = { ...measured.untrained, ...measured.untrainedStatistics }
  // Without identity, PyTorch in float32 and in float64 part by 4.4e-4.
  const limit = measured.identity ? 1e-5 : 1e-3
  return Object.entries(wanted).flatMap(([name, values]) => {
    const error = relativeError(found.get(name) ?? new Float32Array(), decode(values))
    return error <= (name in measured.untrained ? 0 : limit) ? [] : [`${name}: ${error}`]
  })
}

const titleOf = ({ preset, width, identity }: Measured) =>
  `${preset} of width ${width} ${identity ? 'with' : 'without'} identity`

function build({ preset, identity, width, blocks }: Measured) {
  const found = findPreset(preset)
  if (!found) throw new Error(`no preset ${preset}`)
  const network = { ...withWidth(withBlocks(found.config.network, blocks), width), identity }
  const config: RunConfig = { ...found.config, data: { ...found.config.data, set: 'cifar10' }, network }
  const namesOf = namesIn(preferredNaming(config), network)
  return { config, graph: buildGraph(config), authorOf: (own: string) => namesOf(own)[0] ?? own }
}

/** As measure.py sets parameters: by their place in PyTorch's list. */
function initialOf(graph: Graph, placeOf: (own: string) => number): TrainerState {
  return {
    slots: {},
    steps: 0,
    parameters: Object.fromEntries(
      graph.parameters.map((parameter) => [
        parameter.name,
        initialValues(parameter, placeOf(parameter.name)),
      ]),
    ),
    // The fixture's are PyTorch's own, also for the author who begins with another variance.
    statistics: Object.fromEntries(
      graph.statistics.map(({ name, shape }) => [
        name,
        new Float32Array(shape[0] ?? 0).fill(name.endsWith('running_var') ? 1 : 0),
      ]),
    ),
  }
}

function optionsOf({ optimiser }: RunConfig, initial: TrainerState): CompileOptions {
  const { mean, std } = fixture.normalisation
  const three = ([a = 0, b = 0, c = 0]: readonly number[]): [number, number, number] => [a, b, c]
  return {
    batchSize: fixture.batch,
    optimiser,
    labelSmoothing: 0,
    activations: 'f32',
    normalisation: { kind: 'channels', mean: three(mean), std: three(std) },
    dropoutSeed: fixture.dropoutSeed,
    initial,
  }
}

async function lossesOf(trainer: Trainer, learningRate: number): Promise<number[]> {
  for (let step = 0; step < 20; step++) trainer.step(batchOf(600 + 10 * step), { learningRate })
  return (await trainer.drain()).map(({ loss }) => loss)
}

/** The momentum buffer of a first step without decay is the gradient. */
async function firstGradients(engine: Engine, graph: Graph, options: CompileOptions) {
  const optimiser = {
    kind: 'sgd',
    learningRate: 0.1,
    momentum: 0.9,
    nesterov: false,
    weightDecay: 0,
    decays: 'all',
  } as const
  const trainer = await engine.compile(graph, { ...options, optimiser })
  trainer.step(batchOf(600), { learningRate: 0.1 })
  const { slots } = await trainer.read()
  trainer.dispose()
  return slots['momentum'] ?? {}
}

/** The tensors whose norm or product differs by more than a thousandth of the norm; rounding errors of others are none. */
function gradientErrors(
  gradients: ReadonlyMap<string, Float32Array | undefined>,
  { names, gradients: wanted }: Measured,
): string[] {
  const nothing = 1e-5 * Math.max(...wanted.map(([size = 0]) => size))
  return names.flatMap((name, salt) => {
    const [size = 0, product = 0] = wanted[salt] ?? []
    const values = gradients.get(name) ?? new Float32Array()
    if (size < nothing && norm(values) < nothing) return []
    const weights = noise(1000 + salt, [values.length])
    const found = values.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0)
    const error = Math.max(Math.abs(norm(values) - size), Math.abs(found - product)) / size
    return error < 1e-3 ? [] : [`${name}: ${error}`]
  })
}
