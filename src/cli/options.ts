// Command-line options to typed values; every wrong one is a UsageError that names it.
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { ACTIVATION_FORMATS, type ActivationFormat } from '../contract/activation-format.ts'
import { AppError } from '../contract/app-error.ts'
import { type Dialect, DIALECTS } from '../contract/dialect.ts'
import { TEXTBOOK_WHITENING, type WhiteningConfig } from '../contract/image-config.ts'
import { ENGINES, type EngineName } from '../contract/device-info.ts'
import type { NetworkConfig } from '../contract/network-config.ts'
import { OPTIMISER_DEFAULTS } from '../contract/optimiser-defaults.ts'
import {
  OPTIMISER_KINDS,
  type OptimiserConfig,
  SCHEDULE_KINDS,
  type ScheduleConfig,
} from '../contract/recipe-config.ts'
import { parseRunConfig, type RunConfig } from '../contract/run-config.ts'
import { defaultSchedule } from '../contract/schedule-defaults.ts'
import { dialectsOf } from '../network/dialects.ts'
import { findPreset, preferredDialect, PRESETS } from '../network/presets.ts'
import { withBlocks, withWidth } from '../network/resize-network.ts'
import { runLength } from '../runs/run-length.ts'
import { withFields } from './set-fields.ts'
import { UsageError } from './usage.ts'

const NETWORK_OPTIONS = {
  preset: { type: 'string' },
  'no-identity': { type: 'boolean' },
  n: { type: 'string' },
  width: { type: 'string' },
  data: { type: 'string' },
  whitening: { type: 'string' },
  engine: { type: 'string' },
  json: { type: 'boolean' },
} as const

const VERBS = ['presets', 'train', 'evaluate', 'export', 'features', 'summary'] as const
export type Verb = (typeof VERBS)[number]

const OPTIONS: Readonly<Record<Verb, NonNullable<ParseArgsConfig['options']>>> = {
  presets: { json: { type: 'boolean' } },
  train: {
    ...NETWORK_OPTIONS,
    steps: { type: 'string' },
    epochs: { type: 'string' },
    batch: { type: 'string' },
    optimiser: { type: 'string' },
    'learning-rate': { type: 'string' },
    activations: { type: 'string' },
    schedule: { type: 'string' },
    validation: { type: 'string' },
    'evaluate-first': { type: 'boolean' },
    set: { type: 'string', multiple: true },
    seed: { type: 'string' },
    'limit-train': { type: 'string' },
    'limit-test': { type: 'string' },
    out: { type: 'string' },
    resume: { type: 'string' },
    markdown: { type: 'boolean' },
  },
  evaluate: {
    ...NETWORK_OPTIONS,
    weights: { type: 'string' },
    limit: { type: 'string' },
    markdown: { type: 'boolean' },
  },
  export: {
    run: { type: 'string' },
    format: { type: 'string' },
    preset: { type: 'string' },
    'no-identity': { type: 'boolean' },
    n: { type: 'string' },
    width: { type: 'string' },
    seed: { type: 'string' },
    dialect: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean' },
  },
  features: {
    ...NETWORK_OPTIONS,
    run: { type: 'string' },
    weights: { type: 'string' },
    limit: { type: 'string' },
    out: { type: 'string' },
  },
  summary: { json: { type: 'boolean' } },
}

export type Values = ReturnType<typeof parseArgs>['values']

export function isVerb(word: string | undefined): word is Verb {
  return word !== undefined && Object.hasOwn(OPTIONS, word)
}

/** The verbs whose words without an option are folders. */
const WITH_FOLDERS: ReadonlySet<Verb> = new Set(['summary'])

/** @throws UsageError for an unknown option, a missing value, or a stray word */
export function parseOptions(
  verb: Verb,
  words: readonly string[],
): { values: Values; folders: readonly string[] } {
  try {
    const allowPositionals = WITH_FOLDERS.has(verb)
    const options = OPTIONS[verb]
    const parsed = parseArgs({ args: [...words], options, allowPositionals, strict: true })
    return { values: parsed.values, folders: parsed.positionals }
  } catch (error) {
    throw new UsageError(`${verb}: ${firstLine(error)}`)
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}

export function text(values: Values, name: string): string | null {
  const value = values[name]
  return typeof value === 'string' ? value : null
}

export function required(verb: Verb, values: Values, name: string): string {
  const value = text(values, name)
  if (value === null || value === '') throw new UsageError(`${verb}: --${name} is missing`)
  return value
}

/** A whole number of at least `least`; null where the option is absent. */
function whole(verb: Verb, values: Values, name: string, least: number): number | null {
  const value = text(values, name)
  if (value === null) return null
  const number = Number(value)
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number) || number < least) {
    throw new UsageError(
      `${verb}: --${name} takes a whole number from ${least} on, not ${JSON.stringify(value)}`,
    )
  }
  return number
}

function positive(verb: Verb, values: Values, name: string): number | null {
  const value = text(values, name)
  if (value === null) return null
  const number = Number(value)
  if (value.trim() === '' || !Number.isFinite(number) || number <= 0) {
    throw new UsageError(`${verb}: --${name} takes a number above 0, not ${JSON.stringify(value)}`)
  }
  return number
}

/** Whose parameter names weights are written in: the preset's author's unless `--dialect` names another. */
export function dialectFrom(verb: Verb, values: Values, config: RunConfig): Dialect {
  const name = text(values, 'dialect')
  if (name === null) return preferredDialect(config)
  const spoken = dialectsOf(config.network)
  const dialect = spoken.find((known) => known === name)
  if (dialect) return dialect
  const known = DIALECTS.some((other) => other === name)
  throw new UsageError(
    `${verb}: ${known ? `${name}’s code has no such network` : `no dialect is called ${name}`}; ` +
      `${config.preset ?? 'this network'} can be written as ${spoken.join(' or ')}`,
  )
}

/** Whether tables are to be printed. @throws UsageError where one JSON object is asked for as well */
export function markdownFrom(verb: Verb, values: Values): boolean {
  if (values['markdown'] !== true) return false
  if (values['json'] === true) throw new UsageError(`${verb}: give --json or --markdown, not both`)
  return true
}

/** Null where the machine decides. */
export function engineFrom(verb: Verb, values: Values): EngineName | null {
  const name = text(values, 'engine')
  if (name === null) return null
  const engine = ENGINES.find((known) => known === name)
  if (!engine) {
    throw new UsageError(`${verb}: --engine takes ${ENGINES.join(' or ')}, not ${JSON.stringify(name)}`)
  }
  return engine
}

/** The preset's, or another. */
function activationsFrom(verb: Verb, values: Values, preset: ActivationFormat): ActivationFormat {
  const name = text(values, 'activations') ?? preset
  const format = ACTIVATION_FORMATS.find((known) => known === name)
  if (!format) {
    throw new UsageError(
      `${verb}: --activations takes ${ACTIVATION_FORMATS.join(' or ')}, not ${JSON.stringify(name)}`,
    )
  }
  return format
}

/** The preset's optimiser, or another kind with its defaults. */
function optimiserFrom(verb: Verb, values: Values, preset: OptimiserConfig): OptimiserConfig {
  const name = text(values, 'optimiser') ?? preset.kind
  const kind = OPTIMISER_KINDS.find((known) => known === name)
  if (!kind) {
    const kinds = OPTIMISER_KINDS.join(', ')
    throw new UsageError(`${verb}: --optimiser takes one of ${kinds}, not ${JSON.stringify(name)}`)
  }
  const chosen = kind === preset.kind ? preset : OPTIMISER_DEFAULTS[kind]
  return { ...chosen, learningRate: positive(verb, values, 'learning-rate') ?? chosen.learningRate }
}

/** The preset's schedule, or another kind with its defaults for a run of this length. */
function scheduleFrom(verb: Verb, values: Values, config: RunConfig): ScheduleConfig {
  const name = text(values, 'schedule') ?? config.schedule.kind
  const kind = SCHEDULE_KINDS.find((known) => known === name)
  if (!kind) {
    const kinds = SCHEDULE_KINDS.join(', ')
    throw new UsageError(`${verb}: --schedule takes one of ${kinds}, not ${JSON.stringify(name)}`)
  }
  return kind === config.schedule.kind ? config.schedule : defaultSchedule(kind, config, runLength(config))
}

function validationFrom(verb: Verb, values: Values, config: RunConfig): RunConfig['data']['validation'] {
  const images = whole(verb, values, 'validation', 0)
  if (images === null) return config.data.validation
  return images === 0 ? null : { images }
}

/** The preset's whitening, or another kind. */
function whiteningFrom(verb: Verb, values: Values, preset: WhiteningConfig | null): WhiteningConfig | null {
  const name = text(values, 'whitening')
  switch (name) {
    case null:
      return preset
    case 'none':
      return null
    case 'author':
      return { kind: 'author' }
    case 'covariance':
      return TEXTBOOK_WHITENING
    default:
      throw new UsageError(
        `${verb}: --whitening takes author, covariance or none, not ${JSON.stringify(name)}`,
      )
  }
}

/** What a run goes on with: everything else follows from its checkpoint. */
const WITH_RESUME: ReadonlySet<string> = new Set([
  'resume',
  'steps',
  'epochs',
  'data',
  'out',
  'engine',
  'json',
  'markdown',
])

/**
 * The config that goes on from a checkpoint's: its own, with the budget that the options name.
 * @throws UsageError for an option that the checkpoint decides, or a budget that is spent already
 */
export function resumedConfigFrom(verb: Verb, values: Values, config: RunConfig, steps: number): RunConfig {
  const decided = Object.keys(values).find((name) => !WITH_RESUME.has(name))
  if (decided !== undefined) {
    throw new UsageError(`${verb}: --resume takes ${decided} from the checkpoint; leave out --${decided}`)
  }
  const budget = budgetFrom(verb, values) ?? config.budget
  if (budget.unit === 'iteration' && budget.amount <= steps) {
    throw new UsageError(
      `${verb}: the checkpoint is of step ${steps} already; --steps counts from the first, so give it more`,
    )
  }
  return { ...config, budget }
}

/** Null where no option names it. */
function budgetFrom(verb: Verb, values: Values): RunConfig['budget'] | null {
  const steps = whole(verb, values, 'steps', 1)
  const epochs = whole(verb, values, 'epochs', 1)
  if (steps !== null && epochs !== null) throw new UsageError(`${verb}: give --steps or --epochs, not both`)
  if (steps !== null) return { unit: 'iteration', amount: steps }
  return epochs === null ? null : { unit: 'epoch', amount: epochs }
}

/** The network that the options make of a preset's. */
function networkFrom(verb: Verb, values: Values, preset: NetworkConfig): NetworkConfig {
  const blocks = whole(verb, values, 'n', 1)
  const width = whole(verb, values, 'width', 1)
  const resized = blocks === null ? preset : withBlocks(preset, blocks)
  return {
    ...(width === null ? resized : withWidth(resized, width)),
    identity: values['no-identity'] !== true,
  }
}

/**
 * The preset's config with the options laid over it.
 * @param set the data set that `--data` turned out to be; null for the preset's own
 */
export function configFrom(verb: Verb, values: Values, set: RunConfig['data']['set'] | null): RunConfig {
  const id = required(verb, values, 'preset')
  const preset = findPreset(id)
  if (!preset) {
    throw new UsageError(
      `${verb}: no preset is called ${id}; there are ${PRESETS.map((known) => known.id).join(', ')}`,
    )
  }
  const { config } = preset
  const candidate: RunConfig = {
    ...config,
    data: {
      set: set ?? config.data.set,
      limitTrain: whole(verb, values, 'limit-train', 1),
      limitTest: whole(verb, values, verb === 'train' ? 'limit-test' : 'limit', 1),
      validation: validationFrom(verb, values, config),
    },
    network: networkFrom(verb, values, config.network),
    optimiser: optimiserFrom(verb, values, config.optimiser),
    budget: budgetFrom(verb, values) ?? config.budget,
    evaluateFirst: values['evaluate-first'] === true || config.evaluateFirst,
    batchSize: whole(verb, values, 'batch', 1) ?? config.batchSize,
    activations: activationsFrom(verb, values, config.activations),
    whitening: whiteningFrom(verb, values, config.whitening),
    seed: whole(verb, values, 'seed', 0) ?? config.seed,
  }
  try {
    const scheduled = { ...candidate, schedule: scheduleFrom(verb, values, candidate) }
    return parseRunConfig(withFields(verb, scheduled, values['set']), 'the command line')
  } catch (error) {
    if (error instanceof AppError) throw new UsageError(`${verb}: ${error.message}`)
    throw error
  }
}
