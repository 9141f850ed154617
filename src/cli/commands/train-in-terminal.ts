// Training as a terminal shows it: progress goes to stderr, and Ctrl-C ends it.
import type { TrainEvent } from '../../contract/events.ts'
import type { EngineSupply } from '../../engine/engine-supply.ts'
import { type Trained, trainToTheEnd, type TrainingOrder } from '../../operations/train-to-the-end.ts'
import type { Checkpoint } from '../../training/checkpoint.ts'
import type { EpochScalars } from '../../transfer/tfevents.ts'
import { commandLinePorts } from '../command-line-ports.ts'
import type { EngineFailures } from '../device/with-engines.ts'
import type { ImageSource } from '../image-source.ts'

type TerminalOrder = TrainingOrder & {
  readonly source: ImageSource
  readonly engines: EngineSupply
  readonly failures: EngineFailures
  readonly keep: (checkpoint: Checkpoint) => Promise<void>
  readonly onEpoch: (epoch: EpochScalars) => void
}

export type TrainedInTerminal = Trained & { readonly interrupted: boolean }

/** Reports of one kind closer together than this are noise. */
const QUIET_MS = 1000

/** An interruption (SIGINT) ends the run after the step under way; a second one is not caught. */
export async function trainInTerminal({
  source,
  engines,
  failures,
  keep,
  onEpoch,
  ...order
}: TerminalOrder): Promise<TrainedInTerminal> {
  const training = trainToTheEnd(order, {
    ...commandLinePorts(source),
    engine: (failed) => engines.get(failed),
    keep,
    onEvent: printer(),
    onEpoch,
  })
  let interrupted = false
  const interrupt = () => {
    interrupted = true
    console.error('stopping after this step; press Ctrl-C again to stop now')
    training.stop()
  }
  process.once('SIGINT', interrupt)
  failures.listener = training.loseEngine
  try {
    return { ...(await training.trained), interrupted }
  } finally {
    process.off('SIGINT', interrupt)
  }
}

/** What is being prepared is told at most once a second. */
function printer(): (event: TrainEvent) => void {
  let printedAt = -Infinity
  return (event) => {
    if (event.kind === 'log') console.error(event.text)
    if (event.kind === 'progress') {
      console.error(`step ${event.progress.step} of ${event.progress.totalSteps}`)
    }
    if (event.kind !== 'session' || event.phase === null) return
    if (performance.now() - printedAt < QUIET_MS) return
    printedAt = performance.now()
    const { phase, kernels } = event
    console.error(kernels ? `${phase}: ${kernels.ready} of ${kernels.total} kernels` : phase)
  }
}
