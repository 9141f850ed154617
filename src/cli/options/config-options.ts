// Command-line options as a run's config, and as what a verb does with it.
import { ACTIVATION_FORMATS } from '../../base/activation-format.ts'
import { AppError } from '../../base/app-error.ts'
import { ENGINE_CHOICES, type EngineSetting, MOST_THREADS } from '../../contract/engine-setting.ts'
import { type ParameterNaming, PARAMETER_NAMINGS } from '../../network/parameter-namings.ts'
import { WHITENING_KINDS, type WhiteningConfig, whiteningOfKind } from '../../base/image-config.ts'
import type { NetworkConfig } from '../../network/network-config.ts'
import { OPTIMISER_KINDS, optimiserOf, type OptimiserConfig } from '../../optimisers/index.ts'
import { SCHEDULE_KINDS, type ScheduleConfig } from '../../schedules/index.ts'
import { parseRunConfig, type RunConfig } from '../../config/run-config.ts'
import { defaultSchedule } from '../../config/schedule.ts'
import { namingsOf } from '../../network/rename-parameters.ts'
import { findPreset, preferredNaming, PRESETS } from '../../presets/presets.ts'
import { withBlocks, withWidth } from '../../network/resize-network.ts'
import { runLength } from '../../runs/run-length.ts'
import { oneOf, positive, required, text, whole } from './option-values.ts'
import type { Values, Verb } from './options.ts'
import { withFields } from './set-fields.ts'
import { UsageError } from './usage.ts'

/** Whose parameter names weights are written in: the preset's author's unless `--naming` names another. */
export function namingFrom(verb: Verb, values: Values, config: RunConfig): ParameterNaming {
  const name = text(values, 'naming')
  if (name === null) return preferredNaming(config)
  const supported = namingsOf(config.network)
  const naming = supported.find((known) => known === name)
  if (naming) return naming
  const known = PARAMETER_NAMINGS.some((other) => other === name)
  throw new UsageError(
    `${verb}: ${known ? `${name}’s code has no such network` : `no naming is called ${name}`}; ` +
      `${config.preset ?? 'this network'} can be written as ${supported.join(' or ')}`,
  )
}

/** Whether tables are to be printed. @throws UsageError where one JSON object is asked for as well */
export function markdownFrom(verb: Verb, values: Values): boolean {
  if (values['markdown'] !== true) return false
  if (values['json'] === true) throw new UsageError(`${verb}: give --json or --markdown, not both`)
  return true
}

/** @throws UsageError for threads of another engine than the CPU engine */
export function engineFrom(verb: Verb, values: Values): EngineSetting {
  const engine = oneOf(verb, values, 'engine', ENGINE_CHOICES) ?? 'auto'
  const threads = whole(verb, values, 'threads', 1, MOST_THREADS)
  if (threads !== null && engine !== 'auto' && engine !== 'cpu') {
    throw new UsageError(`${verb}: --threads is for the CPU engine; leave it out with --engine ${engine}`)
  }
  return { engine, threads }
}

/** The preset's optimiser, or another kind with its defaults. */
function optimiserFrom(verb: Verb, values: Values, preset: OptimiserConfig): OptimiserConfig {
  const kind = oneOf(verb, values, 'optimiser', OPTIMISER_KINDS) ?? preset.kind
  const chosen = kind === preset.kind ? preset : optimiserOf(kind).defaults
  return { ...chosen, learningRate: positive(verb, values, 'learning-rate') ?? chosen.learningRate }
}

/** The preset's schedule, or another kind with its defaults for a run of this length. */
function scheduleFrom(verb: Verb, values: Values, config: RunConfig): ScheduleConfig {
  const kind = oneOf(verb, values, 'schedule', SCHEDULE_KINDS) ?? config.schedule.kind
  return kind === config.schedule.kind ? config.schedule : defaultSchedule(kind, config, runLength(config))
}

function validationFrom(verb: Verb, values: Values, config: RunConfig): RunConfig['data']['validation'] {
  const images = whole(verb, values, 'validation', 0)
  if (images === null) return config.data.validation
  return images === 0 ? null : { images }
}

/** The preset's whitening, or another kind. */
function whiteningFrom(verb: Verb, values: Values, preset: WhiteningConfig | null): WhiteningConfig | null {
  const kind = oneOf(verb, values, 'whitening', WHITENING_KINDS)
  return kind === null ? preset : whiteningOfKind(kind)
}

/** What a run goes on with: everything else follows from its checkpoint. */
const WITH_RESUME: ReadonlySet<string> = new Set([
  'resume',
  'steps',
  'epochs',
  'data',
  'out',
  'overwrite',
  'engine',
  'threads',
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
      `${verb}: the checkpoint is at step ${steps} already; --steps counts from the start, so give a larger number`,
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
    activations: oneOf(verb, values, 'activations', ACTIVATION_FORMATS) ?? config.activations,
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
