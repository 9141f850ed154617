// The export formats. A new one is a module here and a row below; menus, the command line and the worker follow.
import { epochsCsv } from './epochs-csv.ts'
import type { ExportFormat, Exported, FormatFacts, Subjects } from './format.ts'
import { latex } from './latex-table.ts'
import { markdown } from './markdown-table.ts'
import { metricsJson } from './metrics-json.ts'
import { npz } from './npz.ts'
import { onnx } from './onnx.ts'
import { pytorchScript } from './pytorch-script.ts'
import { resultsCsv } from './results-csv.ts'
import { safetensors } from './safetensors.ts'
import { stepsCsv } from './steps-csv.ts'
import { tensorboardEvents } from './tensorboard-events.ts'
import { tfjsLayers } from './tfjs-layers.ts'

/** In the order in which menus list them. */
const FORMATS = [
  safetensors,
  pytorchScript,
  onnx,
  tfjsLayers,
  npz,
  stepsCsv,
  epochsCsv,
  metricsJson,
  tensorboardEvents,
  markdown,
  latex,
  resultsCsv,
] as const

type AnyFormat = (typeof FORMATS)[number]

/** The formats of such a thing. */
export function formatsOf<Of extends keyof Subjects>(subject: Of): readonly ExportFormat<Of>[] {
  return FORMATS.filter((format): format is AnyFormat & ExportFormat<Of> => format.subject === subject)
}

/** @throws Error for an id that no format of such a thing has */
export function findFormat<Of extends keyof Subjects>(subject: Of, id: string): ExportFormat<Of> {
  const found = formatsOf(subject).find((format) => format.id === id)
  if (!found) throw new Error(`no format of ${subject} is called ${id}`)
  return found
}

/** What a run's checkpoint can be written as: its weights, and its metrics. */
export const checkpointFormats: readonly FormatFacts[] = [...formatsOf('checkpoint'), ...formatsOf('metrics')]

/** @param at milliseconds since 1970, for epochs: checkpoints keep no times */
export function exportCheckpoint(
  id: string,
  checkpoint: Subjects['checkpoint'],
  at: number,
): Exported | Promise<Exported> {
  const ofCheckpoint = formatsOf('checkpoint').find((format) => format.id === id)
  if (ofCheckpoint) return ofCheckpoint.write(checkpoint)
  const { run, config, points, epochs } = checkpoint
  return findFormat('metrics', id).write({ runs: [{ run, config, points, epochs }], device: null, at })
}
