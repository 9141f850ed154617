import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { RUN_FORMATS, type RunFormat } from '../../contract/run-format.ts'
import { networkInWords } from '../../network/format-network.ts'
import { NAMED_FORMATS, takeOut } from '../../transfer/run-files.ts'
import { dialectFrom } from '../options/config-options.ts'
import { required, text } from '../options/option-values.ts'
import type { Values } from '../options/options.ts'
import { loadCheckpoint, replaceFile, unwritable } from './run-folder.ts'
import { UsageError } from '../options/usage.ts'

/** What goes with `--run`: its checkpoint says everything else. */
const WITH_RUN: ReadonlySet<string> = new Set(['run', 'format', 'dialect', 'out', 'json'])

/** The verb `export` with `--run`: a run, as it stood at its last checkpoint, as one file or as a folder of them. */
export async function exportRun(values: Values, folder: string): Promise<{ text: string; json: unknown }> {
  const out = required('export', values, 'out')
  const decided = Object.keys(values).find((name) => !WITH_RUN.has(name))
  if (decided !== undefined) {
    throw new UsageError(`export: --run takes ${decided} from the run; leave out --${decided}`)
  }
  const format = formatFrom(values)
  const isNamed = NAMED_FORMATS.has(format)
  if (values['dialect'] !== undefined && !isNamed) {
    throw new UsageError(`export: ${format} has no author’s names in it; leave out --dialect`)
  }
  const checkpoint = await loadCheckpoint(folder)
  const { config, state } = checkpoint
  const dialect = dialectFrom('export', values, config)
  const taken = takeOut(format, { ...checkpoint, run: basename(folder), dialect, at: Date.now() })
  if (typeof taken === 'string' || taken instanceof Uint8Array) await replaceFile(out, taken)
  else await writeFolder(out, taken)
  return {
    text: `${out}: ${networkInWords(config.network)}, as ${format}, after ${state.steps} steps`,
    json: {
      file: out,
      format,
      dialect: isNamed ? dialect : null,
      steps: state.steps,
      identity: config.network.identity,
    },
  }
}

function formatFrom(values: Values): RunFormat {
  const wanted = text(values, 'format') ?? 'safetensors'
  const format = RUN_FORMATS.find((known) => known === wanted)
  if (format) return format
  throw new UsageError(
    `export: --format takes one of ${RUN_FORMATS.join(', ')}, not ${JSON.stringify(wanted)}`,
  )
}

/** @throws AppError `storage-failed` */
async function writeFolder(folder: string, files: ReadonlyMap<string, string | Uint8Array>): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw unwritable(folder, cause)
  })
  for (const [name, content] of files) await replaceFile(join(folder, name), content)
}
