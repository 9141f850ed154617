// The runs of scripts/parity/optimisers.py: what goes in, and what PyTorch made of it.
import { doesDecay } from '../../config/weight-decay-group.ts'
import { OPTIMISERS, type OptimiserConfig, optimiserConfigSchema } from '../../optimisers/index.ts'
import type { Parameter, ParameterRole } from '../../network/graph.ts'
import fixture from '../fixtures/optimisers.json' with { type: 'json' }
import { decode, noise } from './parity.ts'

type Tensors = Readonly<Record<string, Float32Array>>

type OptimiserRun = {
  readonly optimiser: OptimiserConfig
  readonly initial: Tensors
  readonly steps: readonly { readonly gradients: Tensors; readonly learningRate: number }[]
  /** After the last step. */
  readonly parameters: Tensors
  readonly slots: Readonly<Record<string, Tensors>>
}

export const OPTIMISED_PARAMETERS: readonly Parameter[] = fixture.parameters.map(({ role, ...rest }) => ({
  ...rest,
  role: parseRole(role),
  init: { kind: 'constant', value: 0 },
}))

export const decayingOf = ({ decays }: OptimiserConfig): Parameter[] =>
  OPTIMISED_PARAMETERS.filter(({ role }) => doesDecay(role, decays))

/** A config for each formula: between them they reach all. */
export const OPTIMISER_EXAMPLES = OPTIMISERS.flatMap((kind) =>
  kind.formulas.map(({ example }) =>
    Object.entries(example).reduce(
      (config, [name, value]) => kind.withField(config, name, value),
      kind.defaults,
    ),
  ),
)

/** With a title each, which is the optimiser in full. */
export const OPTIMISER_RUNS = fixture.runs.map((run): [string, OptimiserRun] => {
  const optimiser = optimiserConfigSchema.parse(run.optimiser)
  const slots: [string, readonly string[]][] = Object.entries(run.slots)
  const result = {
    optimiser,
    initial: noiseFrom(0),
    steps: fixture.factors.map((factor, step) => ({
      gradients: noiseFrom(100 * (step + 1)),
      learningRate: optimiser.learningRate * factor,
    })),
    parameters: named(run.parameters),
    slots: Object.fromEntries(slots.map(([name, tensors]) => [name, named(tensors)])),
  }
  return [JSON.stringify(optimiser), result]
})

function noiseFrom(salt: number): Tensors {
  return Object.fromEntries(OPTIMISED_PARAMETERS.map(({ name, shape }, i) => [name, noise(salt + i, shape)]))
}

function named(tensors: readonly string[]): Tensors {
  return Object.fromEntries(OPTIMISED_PARAMETERS.map(({ name }, i) => [name, decode(tensors[i] ?? '')]))
}

function parseRole(role: string): ParameterRole {
  if (role === 'weight' || role === 'bias' || role === 'scale' || role === 'shift') return role
  throw new Error(`the fixture has a parameter of role ${role}`)
}
