import { basename } from 'node:path'
import type { Dialect } from '../contract/dialect.ts'
import { networkInWords } from '../network/network-words.ts'
import type { Checkpoint } from '../training/checkpoint.ts'
import { epochsCsv } from '../transfer/metrics-files.ts'
import { writeNpz } from '../transfer/npz.ts'
import { writeOnnx } from '../transfer/onnx.ts'
import { namedTensors, writeWeights } from '../transfer/weights-file.ts'
import { dialectFrom } from './config-options.ts'
import { required, text } from './option-values.ts'
import type { Values } from './options.ts'
import { loadCheckpoint, replaceFile } from './run-folder.ts'
import { UsageError } from './usage.ts'

type Order = Checkpoint & { readonly run: string; readonly dialect: Dialect }

/** What a run can be taken out as. */
const FORMATS: Readonly<Record<string, (order: Order) => string | Uint8Array>> = {
  safetensors: ({ epochs, ...rest }) => writeWeights({ ...rest, metrics: epochs }),
  onnx: ({ state, config }) => writeOnnx(state, config),
  npz: (order) => writeNpz(namedTensors(order)),
  csv: ({ run, config, points, epochs }) => epochsCsv([{ run, config, points, epochs }]),
}

/** The formats that hold parameters under an author's names. */
const NAMED: ReadonlySet<string> = new Set(['safetensors', 'npz'])

/** What goes with `--run`: its checkpoint says everything else. */
const WITH_RUN: ReadonlySet<string> = new Set(['run', 'format', 'dialect', 'out', 'json'])

/** The verb `export` with `--run`: the weights or the figures of a run, as it stood at its last checkpoint. */
export async function exportRun(values: Values, folder: string): Promise<{ text: string; json: unknown }> {
  const out = required('export', values, 'out')
  const decided = Object.keys(values).find((name) => !WITH_RUN.has(name))
  if (decided !== undefined) {
    throw new UsageError(`export: --run takes ${decided} from the run; leave out --${decided}`)
  }
  const format = text(values, 'format') ?? 'safetensors'
  const write = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined
  if (!write) {
    const known = Object.keys(FORMATS).join(', ')
    throw new UsageError(`export: --format takes one of ${known}, not ${JSON.stringify(format)}`)
  }
  if (values['dialect'] !== undefined && !NAMED.has(format)) {
    throw new UsageError(`export: ${format} has no author’s names in it; leave out --dialect`)
  }
  const checkpoint = await loadCheckpoint(folder)
  const { config, state } = checkpoint
  const dialect = dialectFrom('export', values, config)
  await replaceFile(out, write({ ...checkpoint, run: basename(folder), dialect }))
  return {
    text: `${out}: ${networkInWords(config.network)}, as ${format}, after ${state.steps} steps`,
    json: {
      file: out,
      format,
      dialect: NAMED.has(format) ? dialect : null,
      steps: state.steps,
      identity: config.network.identity,
    },
  }
}
