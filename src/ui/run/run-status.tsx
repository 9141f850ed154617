import type { SessionRecord } from '../../client/session/session-record.ts'
import type { Progress } from '../../contract/events.ts'
import { count } from '../charts/curve-values.ts'
import { Progress as ProgressLine } from '../foundation/controls/progress.tsx'
import { duration, imageRate } from '../foundation/controls/quantities.ts'
import styles from './run-status.module.css'

/** What is going on, how far it is, how fast, and how long still. A pair's two runs go in step: one status is theirs. */
export function RunStatus(props: {
  /** "Training"; announced when it changes. */
  readonly state: string
  readonly preparing: boolean
  /** Kernels that are ready, of all, while they are compiled. */
  readonly kernels: SessionRecord['kernels']
  readonly progress: Progress | null
  /** What a person may wonder while nothing moves. */
  readonly hint: string | null
}) {
  const { state, preparing, kernels, progress, hint } = props
  return (
    <div className={styles.status}>
      <div className={styles.line}>
        <output className={styles.state}>{state}</output>
        {kernels && <p className={styles.metrics}>{formatKernels(kernels)}</p>}
        {progress && !preparing && <Metrics progress={progress} />}
        {hint !== null && <p className={styles.metrics}>{hint}</p>}
      </div>
      {preparing ? (
        <ProgressLine
          label="Preparation"
          share={kernels && kernels.ready / kernels.total}
          {...(kernels && { text: formatKernels(kernels) })}
        />
      ) : (
        <ProgressLine label="Training progress" share={shareOf(progress)} />
      )}
    </div>
  )
}

function Metrics({ progress }: { readonly progress: Progress }) {
  const { epoch, totalEpochs, step, totalSteps, imagesPerSecond, secondsElapsed, secondsLeft, evaluated } =
    progress
  return (
    <p className={styles.metrics}>
      <span>
        epoch {count(epoch)} of {count(totalEpochs)}
      </span>
      <span>
        step {count(step)} of {count(totalSteps)}
      </span>
      {evaluated && (
        <span>
          tested {count(evaluated.images)} of {count(evaluated.total)}
        </span>
      )}
      {imagesPerSecond !== null && <span>{imageRate(imagesPerSecond)} images/s per run</span>}
      <span>{duration(secondsElapsed)} trained</span>
      {step < totalSteps && <span>{duration(secondsLeft)} left</span>}
    </p>
  )
}

function formatKernels({ ready, total }: NonNullable<SessionRecord['kernels']>): string {
  return `${count(ready)} of ${count(total)} kernels`
}

function shareOf(progress: Progress | null): number {
  return progress && progress.totalSteps > 0 ? progress.step / progress.totalSteps : 0
}
