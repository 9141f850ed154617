// What a schedule is to the lab: how the learning rate moves after its warm-up.
import type { z } from 'zod'
import {
  type FieldIssue,
  type Fields,
  initialValues,
  kindSchema,
  type KindSchema,
} from '../base/kind-fields.ts'
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

export interface Schedule<Config> {
  readonly kind: string
  readonly label: string
  /** In the menu, under the label. */
  readonly note?: string
  /** The documentation or paper that says what it does. */
  readonly source: string
  readonly fields: Fields
  /** For a run of this length. */
  defaultsFor(run: ScheduledRun): Config
  /** @throws ZodError where the field has no such value */
  withField(config: Config, name: string, value: unknown): Config
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

type ConfigOf<Kind extends string, KindFields extends Fields> = z.output<KindSchema<Kind, KindFields>>
type Given<Config> = Pick<
  Schedule<Config>,
  'label' | 'note' | 'source' | 'factor' | 'baseRate' | 'drawnAs' | 'advice' | 'pytorch'
>

/** A schedule. Units are counted from the run's first step. */
export function defineSchedule<const Kind extends string, KindFields extends Fields>(
  definition: Given<ConfigOf<Kind, KindFields>> & {
    readonly kind: Kind
    readonly fields: KindFields
    /** Where a run's length decides: instead of the fields' initial values. */
    readonly fit?: (run: ScheduledRun) => Readonly<Partial<ConfigOf<Kind, KindFields>>>
    readonly inUnit?: (
      config: ConfigOf<Kind, KindFields>,
      unit: Unit,
      stepsPerEpoch: number,
    ) => ConfigOf<Kind, KindFields>
    readonly check?: (config: ConfigOf<Kind, KindFields>) => FieldIssue | null
  },
): Schedule<ConfigOf<Kind, KindFields>> & {
  readonly kind: Kind
  readonly schema: KindSchema<Kind, KindFields>
} {
  const { kind, fields, fit, inUnit, check } = definition
  const schema = kindSchema(kind, fields)
  return {
    ...definition,
    schema,
    defaultsFor: (run) => schema.parse({ kind, ...initialValues(fields), ...fit?.(run) }),
    withField: (config, name, value) => schema.parse({ ...config, [name]: value }),
    inUnit: (config, unit, stepsPerEpoch) => inUnit?.(config, unit, stepsPerEpoch) ?? config,
    check: (config) => check?.(config) ?? null,
  }
}
