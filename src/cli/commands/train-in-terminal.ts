// Training as a terminal shows it: progress goes to stderr, and Ctrl-C, a closed terminal or `kill` ends it.
import type { TrainEvent } from '../../contract/events.ts'
import type { EngineSupply } from '../../engine/engine-supply.ts'
import { type Trained, trainToTheEnd, type TrainingOrder } from '../../operations/train-to-the-end.ts'
import type { Checkpoint } from '../../training/checkpoint.ts'
import { commandLinePorts } from '../command-line-ports.ts'
import type { EngineFailures } from '../device/with-engines.ts'
import type { ImageSource } from '../image-source.ts'
import type { EndingSignal, Signals } from '../terminal.ts'

type TerminalOrder = TrainingOrder & {
  readonly source: ImageSource
  readonly engines: EngineSupply
  readonly failures: EngineFailures
  readonly signals: Signals
  readonly keep: (checkpoint: Checkpoint) => Promise<void>
  /** Everything that the session says. What this throws ends the run. */
  readonly onEvent: (event: TrainEvent) => void
}

/** Which signal ended it; null where none did. */
export type TrainedInTerminal = Trained & { readonly interrupted: EndingSignal | null }

/** Reports of one kind closer together than this are noise. */
const QUIET_MS = 1000

/** A signal ends the run after the step under way. From then on it is for the caller to save, so `signals` stays heard. */
export async function trainInTerminal({
  source,
  engines,
  failures,
  signals,
  keep,
  onEvent,
  ...order
}: TerminalOrder): Promise<TrainedInTerminal> {
  const print = printer()
  const training = trainToTheEnd(order, {
    ...commandLinePorts(source),
    engine: (failed) => engines.get(failed),
    keep,
    onEvent(event) {
      print(event)
      onEvent(event)
    },
  })
  let interrupted: EndingSignal | null = null
  signals.listener = (signal) => {
    interrupted = signal
    console.error('stopping after this step; press Ctrl-C again to stop without saving')
    training.stop()
  }
  failures.listener = training.loseEngine
  return { ...(await training.trained), interrupted }
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
