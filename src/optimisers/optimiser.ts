// What an optimiser is to the lab, and the fields that several have.
import { z } from 'zod'
import {
  field,
  type FieldIssue,
  type Fields,
  initialValues,
  kindSchema,
  type KindSchema,
  numberField,
} from '../base/kind-fields.ts'
import type { Formula } from './formula.ts'

type PyTorch<Config> = {
  /** An expression; `groups` and `RATE` are the script's. */
  construct(config: Config): string
  /** Source that the script needs before it, where torch.optim has no such optimiser. */
  readonly definition?: string
}

export interface Optimiser<Config> {
  readonly kind: string
  readonly label: string
  /** In the menu, under the label. */
  readonly note?: string
  /** The documentation or paper that says what it does. */
  readonly source: string
  readonly fields: Fields
  readonly defaults: Config
  /** @throws ZodError where the field has no such value */
  withField(config: Config, name: string, value: unknown): Config
  /** Null where nothing is wrong. */
  check(config: Config): FieldIssue | null
  /** What a person means: fields that another field rules out are put right. */
  tidy(config: Config): Config
  readonly formulas: readonly Formula<Config>[]
  readonly pytorch: PyTorch<Config>
}

type ConfigOf<Kind extends string, KindFields extends Fields> = z.output<KindSchema<Kind, KindFields>>

/** An optimiser; fields that are not there have PyTorch's defaults. */
export function defineOptimiser<const Kind extends string, KindFields extends Fields>(definition: {
  readonly kind: Kind
  readonly label: string
  readonly note?: string
  readonly source: string
  readonly fields: KindFields
  readonly check?: (config: ConfigOf<Kind, KindFields>) => FieldIssue | null
  readonly tidy?: (config: ConfigOf<Kind, KindFields>) => ConfigOf<Kind, KindFields>
  readonly formulas: readonly Formula<ConfigOf<Kind, KindFields>>[]
  readonly pytorch: PyTorch<ConfigOf<Kind, KindFields>>
}): Optimiser<ConfigOf<Kind, KindFields>> & {
  readonly kind: Kind
  readonly schema: KindSchema<Kind, KindFields>
} {
  const { kind, fields, check, tidy } = definition
  const schema = kindSchema(kind, fields)
  return {
    ...definition,
    schema,
    defaults: schema.parse({ kind, ...initialValues(fields) }),
    withField: (config, name, value) => schema.parse({ ...config, [name]: value }),
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
