// What a schedule is to the lab: how the learning rate moves after its warm-up.
import type { FieldIssue, Fields } from '../base/kind-fields.ts'
import {
  fromFields,
  type Kind,
  type KindConfig,
  type KindDefinition,
  type KindSchema,
} from '../base/kinds.ts'
import type { EvaluatedEpoch } from './evaluated-epoch.ts'
import type { Unit } from './unit.ts'

/** Where a run stands in its budget. */
export type SchedulePosition = {
  /** Steps taken before this one. */
  step: number
  stepsPerEpoch: number
  totalSteps: number
}

/** A run for which a schedule is chosen. */
export type ScheduledRun = {
  readonly unit: Unit
  /** Its length in them. */
  readonly units: number
  /** Whether images are set aside for validation. */
  readonly isValidated: boolean
}

type PyTorch<Config> = {
  /** Python that sets `factor` from `step`, `per_epoch`, `total` and `begin`. */
  factor(config: Config): readonly string[]
  /** Of a schedule that goes by results: the definition of `make_plateau`, and of `WATCHES`. */
  plateau?(config: Config): readonly string[]
  /** What of the schedule the script does otherwise; a sentence. */
  readonly notCarried?: string
}

export interface Schedule<Name extends string, Config> extends Kind<Name, Config> {
  /** The documentation or paper that says what it does. */
  readonly source: string
  /** For a run of this length. */
  defaultsFor(run: ScheduledRun): Config
  /** The same schedule counted in another unit; itself where it counts nothing. */
  inUnit(config: Config, unit: Unit, stepsPerEpoch: number): Config
  /** Null where nothing is wrong. */
  check(config: Config): FieldIssue | null
  /** What the base rate is multiplied by. @param begin steps of the warm-up */
  factor(config: Config, at: SchedulePosition, begin: number): number
  /**
   * Of a schedule that goes by results: what these have brought the base rate to.
   * @param epochs whole ones, ascending
   */
  baseRate?(config: Config, base: number, epochs: readonly EvaluatedEpoch[]): number
  /** What the drawing of the rate leaves open; a sentence. */
  drawnAs?(config: Config, isValidated: boolean): string
  /** What to know of it; a sentence or two below its fields. */
  advice?(isValidated: boolean): string | null
  readonly pytorch: PyTorch<Config>
}

type Given<Config> = Pick<
  Schedule<string, Config>,
  'source' | 'factor' | 'baseRate' | 'drawnAs' | 'advice' | 'pytorch'
>

/** A schedule. Units are counted from the run's first step. */
export function defineSchedule<const Name extends string, KindFields extends Fields>(
  definition: KindDefinition<Name, KindFields> &
    Given<KindConfig<Name, KindFields>> & {
      /** Where a run's length decides: instead of the fields' initial values. */
      readonly fit?: (run: ScheduledRun) => Readonly<Partial<KindConfig<Name, KindFields>>>
      readonly inUnit?: (
        config: KindConfig<Name, KindFields>,
        unit: Unit,
        stepsPerEpoch: number,
      ) => KindConfig<Name, KindFields>
      readonly check?: (config: KindConfig<Name, KindFields>) => FieldIssue | null
    },
): Schedule<Name, KindConfig<Name, KindFields>> & {
  readonly schema: KindSchema<Name, KindFields>
} {
  const { fit, inUnit, check } = definition
  const known = fromFields(definition)
  return {
    ...definition,
    ...known,
    defaultsFor: (run) => known.schema.parse({ ...known.defaults, ...fit?.(run) }),
    inUnit: (config, unit, stepsPerEpoch) => inUnit?.(config, unit, stepsPerEpoch) ?? config,
    check: (config) => check?.(config) ?? null,
  }
}
