// One run on the command line, from where it stands to the end of its budget, to a failure, or to Ctrl-C.
import { type Failure, toFailure } from '../../base/app-error.ts'
import type { Evaluation } from '../../contract/evaluation.ts'
import type { TrainEvent } from '../../contract/events.ts'
import type { RunConfig } from '../../config/run-config.ts'
import type { EngineSupply } from '../../engine/engine-supply.ts'
import { type Checkpoint, firstCheckpoint } from '../../training/checkpoint.ts'
import { Session } from '../../training/session.ts'
import { computeWhitening, whitenWith } from '../../training/whitening/compute-whitening.ts'
import type { EpochScalars } from '../../transfer/tfevents.ts'
import type { ImageSource } from '../image-source.ts'
import { turn } from '../terminal.ts'
import type { EngineFailures } from '../device/with-engines.ts'

export type TrainingOrder = {
  readonly config: RunConfig
  readonly from: Checkpoint | null
  readonly source: ImageSource
  readonly engines: EngineSupply
  readonly failures: EngineFailures
  readonly keep: (checkpoint: Checkpoint) => Promise<void>
  /** An epoch was trained and evaluated. What this throws ends the run. */
  readonly onEpoch: (epoch: EpochScalars) => void
}

type Reached = {
  readonly totalSteps: number
  /** Spent training and evaluating, by this command. */
  readonly seconds: number
  readonly imagesPerSecond: number | null
}

export type Trained = Reached & {
  /** The last one with finite values. */
  readonly checkpoint: Checkpoint
  /** Why the run did not come to its end; null where it did, or was interrupted. */
  readonly failure: Failure | null
  readonly interrupted: boolean
  /** The newest evaluation that this command made; null where it made none. */
  readonly test: Evaluation | null
}

const RUN = 'run'
/** Reports of one kind closer together than this are noise. */
const QUIET_MS = 1000

/** Progress goes to stderr. An interruption (SIGINT) ends the run after the step under way; a second one is not caught. */
export async function trainToTheEnd(order: TrainingOrder): Promise<Trained> {
  const { config, from, source, engines, failures } = order
  let checkpoint = from ?? firstCheckpoint(config)
  let reached: Reached = { totalSteps: 0, seconds: 0, imagesPerSecond: null }
  let end: (failure: Failure | null) => void = () => undefined
  const ended = new Promise<Failure | null>((resolve) => {
    end = resolve
  })
  const printPreparing = printer()
  let learningRate = checkpoint.points.at(-1)?.learningRate ?? Number.NaN
  let test: Evaluation | null = null

  function hear(event: TrainEvent): void {
    if (event.kind === 'log') console.error(event.text)
    if (event.kind === 'progress') {
      const { step, totalSteps, secondsElapsed, imagesPerSecond } = event.progress
      reached = {
        totalSteps,
        seconds: secondsElapsed,
        imagesPerSecond: imagesPerSecond ?? reached.imagesPerSecond,
      }
      console.error(`step ${step} of ${totalSteps}`)
    }
    if (event.kind === 'steps') learningRate = event.points.at(-1)?.learningRate ?? learningRate
    if (event.kind === 'epoch') {
      const { train } = event
      if (train) order.onEpoch({ ...event, train, learningRate })
      test = event.test
    }
    if (event.kind !== 'session') return
    if (event.phase !== null) {
      const { phase, kernels } = event
      printPreparing(kernels ? `${phase}: ${kernels.ready} of ${kernels.total} kernels` : phase)
    }
    if (event.state === 'finished' || event.state === 'stopped') end(null)
    if (event.state === 'failed') end(event.failure ?? toFailure(null))
  }

  const session = new Session(
    { session: 'lab', runs: [{ run: RUN, config, ...(from && { from }) }], paused: false },
    {
      engine: (failed) => engines.get(failed),
      loadImages: (_set, split, limit) => source.load(split, limit),
      whiten: whitenWith(computeWhitening),
      emit: hear,
      async keep(kept) {
        checkpoint = kept[0]?.checkpoint ?? checkpoint
        await order.keep(checkpoint)
      },
      now: () => Date.now(),
      yieldToEventLoop: turn,
    },
  )
  let interrupted = false
  const interrupt = () => {
    interrupted = true
    console.error('stopping after this step; press Ctrl-C again to stop now')
    session.stop()
  }
  process.once('SIGINT', interrupt)
  failures.listener = (error) => session.loseEngine(error)
  try {
    const failure = await ended
    return { checkpoint, failure, interrupted, test, ...reached }
  } finally {
    process.off('SIGINT', interrupt)
    await session.dispose()
  }
}

/** Prints at most a line a second. */
function printer(): (line: string) => void {
  let printedAt = 0
  return (line) => {
    if (Date.now() - printedAt < QUIET_MS) return
    printedAt = Date.now()
    console.error(line)
  }
}
