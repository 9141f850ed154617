// One run, from where it stands to the end of its budget, to a failure, or until it is stopped.
import { type AppError, type Failure, toFailure } from '../base/app-error.ts'
import type { RunConfig } from '../config/run-config.ts'
import type { Evaluation } from '../contract/evaluation.ts'
import { hasEnded, type TrainEvent } from '../contract/events.ts'
import { NO_REPORTS, withReport } from '../runs/run-reports.ts'
import { type Checkpoint, firstCheckpoint } from '../training/checkpoint.ts'
import { Session } from '../training/session.ts'
import type { SessionPorts } from '../training/session-ports.ts'

export type TrainingOrder = {
  readonly config: RunConfig
  readonly from: Checkpoint | null
}

type Ports = Omit<SessionPorts, 'emit' | 'keep'> & {
  readonly keep: (checkpoint: Checkpoint) => Promise<void>
  /** Everything that the session says. What this throws ends the run. */
  readonly onEvent: (event: TrainEvent) => void
}

export type Trained = {
  readonly totalSteps: number
  /** Spent training and evaluating, this time. */
  readonly seconds: number
  readonly imagesPerSecond: number | null
  /** The last one with finite values. */
  readonly checkpoint: Checkpoint
  /** Why the run did not come to its end; null where it did, or was stopped. */
  readonly failure: Failure | null
  /** The newest evaluation of this time; null where there was none. */
  readonly test: Evaluation | null
}

type Training = {
  readonly trained: Promise<Trained>
  /** Ends the run after the step under way. */
  readonly stop: () => void
  readonly loseEngine: (error: AppError) => void
}

const RUN = 'run'

export function trainToTheEnd({ config, from }: TrainingOrder, ports: Ports): Training {
  let checkpoint = from ?? firstCheckpoint(config)
  let reached: Pick<Trained, 'totalSteps' | 'seconds' | 'imagesPerSecond'> = {
    totalSteps: 0,
    seconds: 0,
    imagesPerSecond: null,
  }
  let end: (failure: Failure | null) => void = () => undefined
  const ended = new Promise<Failure | null>((resolve) => {
    end = resolve
  })
  let reports = NO_REPORTS

  function hear(event: TrainEvent): void {
    ports.onEvent(event)
    if (event.kind === 'progress') {
      const { totalSteps, secondsElapsed, imagesPerSecond } = event.progress
      reached = {
        totalSteps,
        seconds: secondsElapsed,
        imagesPerSecond: imagesPerSecond ?? reached.imagesPerSecond,
      }
    }
    if (event.kind === 'steps' || event.kind === 'epoch' || event.kind === 'rewound') {
      reports = withReport(reports, event)
    }
    if (event.kind !== 'session' || !hasEnded(event.state)) return
    end(event.state === 'failed' ? (event.failure ?? toFailure(null)) : null)
  }

  const session = new Session(
    { session: 'lab', runs: [{ run: RUN, config, ...(from && { from }) }], paused: false },
    {
      ...ports,
      emit: hear,
      async keep(kept) {
        checkpoint = kept[0]?.checkpoint ?? checkpoint
        await ports.keep(checkpoint)
      },
    },
  )

  async function untilEnded(): Promise<Trained> {
    try {
      const failure = await ended
      return { checkpoint, failure, test: reports.epochs.at(-1)?.test ?? null, ...reached }
    } finally {
      await session.dispose()
    }
  }

  return {
    trained: untilEnded(),
    stop: () => session.stop(),
    loseEngine: (error) => session.loseEngine(error),
  }
}
