import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { formatNetwork } from '../../network/format-network.ts'
import { type Content, type FormatFacts } from '../../transfer/formats/format.ts'
import { checkpointFormats, exportCheckpoint } from '../../transfer/formats/index.ts'
import { namingFrom } from '../options/config-options.ts'
import { required, text } from '../options/option-values.ts'
import type { Values } from '../options/options.ts'
import { assertFree, replaceFile, unwritable } from './output-files.ts'
import { loadCheckpoint } from './run-folder.ts'
import { UsageError } from '../options/usage.ts'

/** What goes with `--run`: its checkpoint says everything else. */
const WITH_RUN: ReadonlySet<string> = new Set([
  'run',
  'format',
  'naming',
  'module-prefix',
  'out',
  'overwrite',
  'json',
])

/** The verb `export` with `--run`: a run, as it stood at its last checkpoint, as one file or as a folder of them. */
export async function exportRun(values: Values, folder: string): Promise<{ text: string; json: unknown }> {
  const out = required('export', values, 'out')
  const decided = Object.keys(values).find((name) => !WITH_RUN.has(name))
  if (decided !== undefined) {
    throw new UsageError(`export: --run takes ${decided} from the run; leave out --${decided}`)
  }
  const format = formatFrom(values)
  const isNamed = format.isNamed === true
  if (values['naming'] !== undefined && !isNamed) {
    throw new UsageError(`export: ${format.id} does not use the author’s names; leave out --naming`)
  }
  const modulePrefix = values['module-prefix'] === true
  if (modulePrefix && format.isPrefixable !== true) {
    throw new UsageError(`export: ${format.id} has no names to begin with module.; leave out --module-prefix`)
  }
  const checkpoint = await loadCheckpoint(folder)
  const { config, state } = checkpoint
  const naming = namingFrom('export', values, config)
  const exported = await exportCheckpoint(
    format.id,
    { ...checkpoint, run: basename(folder), naming, modulePrefix },
    Date.now(),
  )
  const overwrite = values['overwrite'] === true
  if (typeof exported === 'string' || exported instanceof Uint8Array) {
    await assertFree(out, overwrite)
    await replaceFile(out, exported)
  } else {
    await writeFolder(out, exported, overwrite)
  }
  return {
    text: `${out}: ${formatNetwork(config.network)}, as ${format.id}, after ${state.steps} steps`,
    json: {
      file: out,
      format: format.id,
      naming: isNamed ? naming : null,
      steps: state.steps,
      identity: config.network.identity,
    },
  }
}

function formatFrom(values: Values): FormatFacts {
  const wanted = text(values, 'format') ?? 'safetensors'
  const format = checkpointFormats.find(({ id }) => id === wanted)
  if (format) return format
  throw new UsageError(
    `export: --format takes one of ${checkpointFormats.map(({ id }) => id).join(', ')}, not ${JSON.stringify(wanted)}`,
  )
}

/** @throws AppError `storage-failed` */
async function writeFolder(
  folder: string,
  files: ReadonlyMap<string, Content>,
  overwrite: boolean,
): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw unwritable(folder, cause)
  })
  for (const name of files.keys()) await assertFree(join(folder, name), overwrite)
  for (const [name, content] of files) await replaceFile(join(folder, name), content)
}
