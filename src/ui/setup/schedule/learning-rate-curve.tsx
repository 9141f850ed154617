import { useMemo } from 'react'
import type { RunConfig } from '../../../config/run-config.ts'
import { learningRateAt } from '../../../config/schedule.ts'
import { scheduleOf } from '../../../schedules/index.ts'
import { warmupOf } from '../../../schedules/warmups/index.ts'
import { runLength } from '../../../runs/run-length.ts'
import { count, rate } from '../../charts/curve-values.ts'
import styles from './learning-rate-curve.module.css'

const SAMPLES = 240
const HEIGHT = 100

/** The rate over the whole run, as the trainer will use it; what follows from the run's results is left out, and said. */
export function LearningRateCurve({ setup }: { readonly setup: RunConfig }) {
  const { data, batchSize, budget, optimiser, schedule, warmup } = setup
  const curve = useMemo(
    () => sampleCurve({ data, batchSize, budget, optimiser, schedule, warmup }),
    [data, batchSize, budget, optimiser, schedule, warmup],
  )
  const top = Math.max(...curve.rates)
  const path = curve.rates.map((value, i) => `${i},${(HEIGHT * (1 - value / top)).toFixed(2)}`).join('L')
  const end = budget.unit === 'epoch' ? `epoch ${count(budget.amount)}` : `iteration ${count(budget.amount)}`
  return (
    <figure className={styles.figure}>
      <span className={styles.rates} aria-hidden="true">
        <span>{rate(top)}</span>
        <span>0</span>
      </span>
      <svg
        className={styles.plot}
        viewBox={`0 0 ${SAMPLES - 1} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Learning rate over the run: starts at ${rate(curve.first)}, peaks at ${rate(top)}, ends at ${rate(curve.last)}`}
      >
        <path className={styles.line} d={`M${path}`} />
      </svg>
      <span className={styles.times} aria-hidden="true">
        <span>start</span>
        <span>learning rate</span>
        <span>{end}</span>
      </span>
      {unknowns(setup).map((unknown) => (
        <figcaption key={unknown}>{unknown}</figcaption>
      ))}
    </figure>
  )
}

/** What of the rate only the run itself will tell. */
function unknowns({ schedule, warmup, data }: RunConfig): string[] {
  const ofWarmup = warmup && warmupOf(warmup.kind).byResults?.drawnAs
  const ofSchedule = scheduleOf(schedule.kind).drawnAs?.(schedule, data.validation !== null)
  return [ofWarmup, ofSchedule].filter((sentence) => typeof sentence === 'string')
}

/** The rate at evenly spaced steps, the first and the last among them. */
function sampleCurve(
  config: Pick<RunConfig, 'data' | 'batchSize' | 'budget' | 'optimiser' | 'schedule' | 'warmup'>,
): {
  rates: number[]
  first: number
  last: number
} {
  const { stepsPerEpoch, totalSteps } = runLength(config)
  const { warmup, optimiser } = config
  const results = {
    warmupEnd: (warmup && warmupOf(warmup.kind).byResults?.window) ?? null,
    baseRate: optimiser.learningRate,
  }
  const rates = Array.from({ length: SAMPLES }, (_, i) => {
    const step = Math.round((i / (SAMPLES - 1)) * (totalSteps - 1))
    return learningRateAt(config, { step, stepsPerEpoch, totalSteps }, results)
  })
  return { rates, first: rates[0] ?? 0, last: rates.at(-1) ?? 0 }
}
