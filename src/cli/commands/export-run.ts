import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { RUN_FORMATS, type RunFormat } from '../../contract/run-format.ts'
import { formatNetwork } from '../../network/format-network.ts'
import { NAMED_FORMATS, writeExport } from '../../transfer/run-files.ts'
import { namingFrom } from '../options/config-options.ts'
import { required, text } from '../options/option-values.ts'
import type { Values } from '../options/options.ts'
import { loadCheckpoint, replaceFile, unwritable } from './run-folder.ts'
import { UsageError } from '../options/usage.ts'

/** What goes with `--run`: its checkpoint says everything else. */
const WITH_RUN: ReadonlySet<string> = new Set(['run', 'format', 'naming', 'out', 'json'])

/** The verb `export` with `--run`: a run, as it stood at its last checkpoint, as one file or as a folder of them. */
export async function exportRun(values: Values, folder: string): Promise<{ text: string; json: unknown }> {
  const out = required('export', values, 'out')
  const decided = Object.keys(values).find((name) => !WITH_RUN.has(name))
  if (decided !== undefined) {
    throw new UsageError(`export: --run takes ${decided} from the run; leave out --${decided}`)
  }
  const format = formatFrom(values)
  const isNamed = NAMED_FORMATS.has(format)
  if (values['naming'] !== undefined && !isNamed) {
    throw new UsageError(`export: ${format} does not use the author’s names; leave out --naming`)
  }
  const checkpoint = await loadCheckpoint(folder)
  const { config, state } = checkpoint
  const naming = namingFrom('export', values, config)
  const taken = writeExport(format, { ...checkpoint, run: basename(folder), naming, at: Date.now() })
  if (typeof taken === 'string' || taken instanceof Uint8Array) await replaceFile(out, taken)
  else await writeFolder(out, taken)
  return {
    text: `${out}: ${formatNetwork(config.network)}, as ${format}, after ${state.steps} steps`,
    json: {
      file: out,
      format,
      naming: isNamed ? naming : null,
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
