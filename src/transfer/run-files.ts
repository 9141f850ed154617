// What a run is taken out as, from the command line and from the page alike.
import type { ParameterNaming } from '../network/parameter-namings.ts'
import type { RunFormat } from '../contract/run-format.ts'
import type { Checkpoint } from '../training/checkpoint.ts'
import { epochsCsv, metricsJson } from './metrics-files.ts'
import { writeNpz } from './npz.ts'
import { writeOnnx } from './onnx.ts'
import { pytorchFiles } from './pytorch/pytorch-files.ts'
import { eventsFile } from './tfevents.ts'
import { tfjsModelFiles } from './tfjs-model.ts'
import { namedTensors, writeWeights } from './weights-file.ts'

export type RunToExport = Checkpoint & {
  readonly run: string
  readonly naming: ParameterNaming
  /** Milliseconds since 1970: what TensorBoard is told as the time of every epoch, since checkpoints keep none. */
  readonly at: number
}

type Content = string | Uint8Array
/** One file, or the files of a folder by name. */
type Taken = Content | ReadonlyMap<string, Content>

/** The formats that hold parameters under an author's names. */
export const NAMED_FORMATS: ReadonlySet<RunFormat> = new Set(['safetensors', 'npz', 'pytorch'])

const WRITERS: Readonly<Record<RunFormat, (order: RunToExport) => Taken>> = {
  safetensors: ({ epochs, ...rest }) => writeWeights({ ...rest, metrics: epochs }),
  tfjs: ({ state, config }) => tfjsModelFiles(state, config),
  onnx: ({ state, config }) => writeOnnx(state, config),
  npz: (order) => writeNpz(namedTensors(order)),
  pytorch: (order) => pytorchFiles(order, order.naming),
  csv: ({ run, config, points, epochs }) => epochsCsv([{ run, config, points, epochs }]),
  json: ({ run, config, points, epochs }) => metricsJson([{ run, config, points, epochs }], null),
  tfevents: ({ points, epochs, at }) =>
    eventsFile(
      epochs.flatMap(({ epoch, step, train, test }) =>
        train ? [{ epoch, at, train, test, learningRate: points[step - 1]?.learningRate ?? Number.NaN }] : [],
      ),
    ),
}

export function writeExport(format: RunFormat, order: RunToExport): Taken {
  return WRITERS[format](order)
}
