// What a warm-up is to the lab: how the learning rate begins. Cosine and one-cycle schedules run over the steps after it, the
// others count from the first step.
import type { z } from 'zod'
import { type Fields, initialValues, kindSchema, type KindSchema } from '../../base/kind-fields.ts'
import type { SchedulePosition } from '../schedule.ts'
import type { Unit } from '../unit.ts'

type PyTorch<Config> = {
  /** Python that sets `begin` and `ramp` from `step` and `per_epoch`. */
  ramp(config: Config): readonly string[]
  /** What of the warm-up the script leaves out; a sentence. */
  readonly notCarried?: string
}

/** A warm-up that lasts until the run's results say so. */
type ByResults<Config> = {
  /** Steps after which they are looked at, again and again. */
  readonly window: number
  /** The step from which on it is over; null while it is not. @param points of every step so far */
  end(config: Config, points: readonly { readonly accuracy: number }[]): number | null
  /** Until then. */
  rate(config: Config): number
  /** What the drawing of the rate assumes; a sentence. */
  readonly drawnAs: string
}

export interface Warmup<Config> {
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
  /** The same warm-up counted in another unit; itself where it counts nothing. */
  inUnit(config: Config, unit: Unit, stepsPerEpoch: number): Config
  /** How many steps it lasts, unless results say so. */
  steps(config: Config, stepsPerEpoch: number): number
  /** What the schedule's rate is multiplied by in these steps. */
  ramp(config: Config, at: SchedulePosition): number
  readonly byResults?: ByResults<Config>
  readonly pytorch: PyTorch<Config>
}

type ConfigOf<Kind extends string, KindFields extends Fields> = z.output<KindSchema<Kind, KindFields>>

export function defineWarmup<const Kind extends string, KindFields extends Fields>(
  definition: Pick<
    Warmup<ConfigOf<Kind, KindFields>>,
    'label' | 'note' | 'source' | 'byResults' | 'pytorch'
  > & {
    readonly kind: Kind
    readonly fields: KindFields
    readonly inUnit?: (
      config: ConfigOf<Kind, KindFields>,
      unit: Unit,
      stepsPerEpoch: number,
    ) => ConfigOf<Kind, KindFields>
    readonly steps?: (config: ConfigOf<Kind, KindFields>, stepsPerEpoch: number) => number
    readonly ramp?: (config: ConfigOf<Kind, KindFields>, at: SchedulePosition) => number
  },
): Warmup<ConfigOf<Kind, KindFields>> & {
  readonly kind: Kind
  readonly schema: KindSchema<Kind, KindFields>
} {
  const { kind, fields, inUnit, steps, ramp } = definition
  const schema = kindSchema(kind, fields)
  return {
    ...definition,
    schema,
    defaults: schema.parse({ kind, ...initialValues(fields) }),
    withField: (config, name, value) => schema.parse({ ...config, [name]: value }),
    inUnit: (config, unit, stepsPerEpoch) => inUnit?.(config, unit, stepsPerEpoch) ?? config,
    steps: (config, stepsPerEpoch) => steps?.(config, stepsPerEpoch) ?? 0,
    ramp: (config, at) => ramp?.(config, at) ?? 1,
  }
}
