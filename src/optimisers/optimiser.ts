// What an optimiser is to the lab, and the fields that several have.
import { z } from 'zod'
import { field, type FieldIssue, type Fields, numberField } from '../base/kind-fields.ts'
import {
  fromFields,
  type Kind,
  type KindConfig,
  type KindDefinition,
  type KindSchema,
} from '../base/kinds.ts'
import type { Formula } from './formula.ts'

type PyTorch<Config> = {
  /** An expression; `groups` and `RATE` are the script's. */
  construct(config: Config): string
  /** Source that the script needs before it, where torch.optim has no such optimiser. */
  readonly definition?: string
}

export interface Optimiser<Name extends string, Config> extends Kind<Name, Config> {
  /** The documentation or paper that says what it does. */
  readonly source: string
  /** Null where nothing is wrong. */
  check(config: Config): FieldIssue | null
  /** What a person means: fields that another field rules out are put right. */
  tidy(config: Config): Config
  readonly formulas: readonly Formula<Config>[]
  readonly pytorch: PyTorch<Config>
}

/** An optimiser; fields that are not there have PyTorch's defaults, or the paper's. */
export function defineOptimiser<const Name extends string, KindFields extends Fields>(
  definition: KindDefinition<Name, KindFields> & {
    readonly source: string
    readonly check?: (config: KindConfig<Name, KindFields>) => FieldIssue | null
    readonly tidy?: (config: KindConfig<Name, KindFields>) => KindConfig<Name, KindFields>
    readonly formulas: readonly Formula<KindConfig<Name, KindFields>>[]
    readonly pytorch: PyTorch<KindConfig<Name, KindFields>>
  },
): Optimiser<Name, KindConfig<Name, KindFields>> & {
  readonly schema: KindSchema<Name, KindFields>
} {
  const { check, tidy } = definition
  return {
    ...definition,
    ...fromFields(definition),
    check: (config) => check?.(config) ?? null,
    tidy: (config) => tidy?.(config) ?? config,
  }
}

export const learningRate = (initial: number) =>
  numberField(z.number().positive().max(100), {
    name: 'learning rate',
    label: 'Learning rate',
    initial,
    min: 1e-7,
    max: 100,
    step: 0.01,
  })

const MOST_KEPT = 0.9999

/** The share of the past that a running average keeps. */
export const averageDecay = (initial: number, name: string, label = name) =>
  numberField(z.number().min(0).max(MOST_KEPT), { name, label, initial, min: 0, max: MOST_KEPT, step: 0.1 })

/** Added to a denominator. Above 0, because a gradient that has always been 0 divides 0 by it. */
export const epsilon = (initial: number) =>
  numberField(z.number().min(1e-20).max(1), {
    name: 'ε',
    label: 'ε',
    initial,
    min: 1e-20,
    max: 1,
    step: 1e-8,
  })

const DECAYING = ['all', 'all-but-biases', 'weights-only'] as const

export const weightDecay = (initial: number) => ({
  weightDecay: numberField(z.number().min(0).max(1), {
    name: 'weight decay',
    label: 'Weight decay',
    initial,
    min: 0,
    max: 1,
    step: 1e-4,
  }),
  /** Which parameters decay. Biases are the linear and convolution biases and batch-norm's shift (β). */
  decays: field(z.enum(DECAYING), {
    name: 'weight decay applies to',
    label: 'Weight decay applies to',
    initial: 'all',
    control: {
      kind: 'choice',
      options: [
        { id: 'all', text: 'All parameters', note: 'As PyTorch does by default' },
        { id: 'all-but-biases', text: 'All but biases', note: 'Excludes biases and batch norm’s β' },
        { id: 'weights-only', text: 'Weights only', note: 'Excludes biases and batch norm’s γ and β' },
      ],
    },
    isDisabled: ({ values }) => values['weightDecay'] === 0,
  }),
})
