// What a warm-up is to the lab: how the learning rate begins. Cosine and one-cycle schedules run over the steps after it, the
// others count from the first step.
import type { Fields } from '../../base/kind-fields.ts'
import {
  fromFields,
  type Kind,
  type KindConfig,
  type KindDefinition,
  type KindSchema,
} from '../../base/kinds.ts'
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

export interface Warmup<Name extends string, Config> extends Kind<Name, Config> {
  /** The documentation or paper that says what it does. */
  readonly source: string
  /** The same warm-up counted in another unit; itself where it counts nothing. */
  inUnit(config: Config, unit: Unit, stepsPerEpoch: number): Config
  /** How many steps it lasts, unless results say so. */
  steps(config: Config, stepsPerEpoch: number): number
  /** What the schedule's rate is multiplied by in these steps. */
  ramp(config: Config, at: SchedulePosition): number
  readonly byResults?: ByResults<Config>
  readonly pytorch: PyTorch<Config>
}

export function defineWarmup<const Name extends string, KindFields extends Fields>(
  definition: KindDefinition<Name, KindFields> &
    Pick<Warmup<Name, KindConfig<Name, KindFields>>, 'source' | 'byResults' | 'pytorch'> & {
      readonly inUnit?: (
        config: KindConfig<Name, KindFields>,
        unit: Unit,
        stepsPerEpoch: number,
      ) => KindConfig<Name, KindFields>
      readonly steps?: (config: KindConfig<Name, KindFields>, stepsPerEpoch: number) => number
      readonly ramp?: (config: KindConfig<Name, KindFields>, at: SchedulePosition) => number
    },
): Warmup<Name, KindConfig<Name, KindFields>> & {
  readonly schema: KindSchema<Name, KindFields>
} {
  const { inUnit, steps, ramp } = definition
  return {
    ...definition,
    ...fromFields(definition),
    inUnit: (config, unit, stepsPerEpoch) => inUnit?.(config, unit, stepsPerEpoch) ?? config,
    steps: (config, stepsPerEpoch) => steps?.(config, stepsPerEpoch) ?? 0,
    ramp: (config, at) => ramp?.(config, at) ?? 1,
  }
}
