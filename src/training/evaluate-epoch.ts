// What happens between two epochs: each run that is due is evaluated on the images that it does not train on.
import type { Progress, TrainEvent } from '../contract/events.ts'
import type { Lockstep } from './lockstep.ts'
import { epochLines } from './format-epochs.ts'
import type { RunImages } from './run-images.ts'

type EvaluationPorts = {
  /** Awaited before each batch; false stops, and what is left out is still to be done. */
  readonly between: (evaluated: NonNullable<Progress['evaluated']>) => Promise<boolean>
  readonly now: () => number
  readonly emit: (event: TrainEvent) => void
  readonly log: (run: string, text: string) => void
}

/** @param runs settled: the metrics of every step so far are known */
export async function evaluateEpoch(
  runs: Lockstep,
  images: RunImages,
  ports: EvaluationPorts,
): Promise<void> {
  const step = runs.step()
  const epoch = Math.ceil(step / runs.stepsPerEpoch)
  const ended = step % runs.stepsPerEpoch === 0
  const due = runs.toEvaluate()
  const count = images.test.count + (images.validation?.count ?? 0)
  for (const [i, participant] of due.entries()) {
    const came = await participant.evaluate({ epoch, step, ended }, images, (done) =>
      ports.between({ images: i * count + done, total: due.length * count }),
    )
    if (came === 'stopped') break
    if (came === 'diverged') continue
    runs.evaluated()
    const { run } = participant
    ports.emit({ kind: 'epoch', run, epoch, step, at: ports.now(), ...came })
    for (const line of epochLines(participant.config(), participant.epochs(), came.test)) ports.log(run, line)
  }
}
