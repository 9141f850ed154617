import { eventsFile, eventsFileName } from '../tfevents.ts'
import { defineFormat } from './format.ts'

/** TensorBoard wants one folder for each run. */
export const tensorboardEvents = defineFormat({
  id: 'tfevents',
  label: 'TensorBoard events',
  note: 'one file per run',
  subject: 'metrics',
  extension: 'tfevents',
  mediaType: 'application/octet-stream',
  isPerRun: true,
  fileName: (name, at) => eventsFileName(at, name),
  // Points are those of every step, from the first that is known. Epoch 0 has no place: the author's steps begin with the
  // first's end.
  write: ({ runs: [run], at: now }) =>
    eventsFile(
      (run?.epochs ?? []).flatMap(({ epoch, step, train, test, at = now }) =>
        train
          ? [
              {
                epoch,
                at,
                train,
                test,
                learningRate: run?.points[step - (run.points[0]?.step ?? 1)]?.learningRate ?? Number.NaN,
              },
            ]
          : [],
      ),
    ),
})
