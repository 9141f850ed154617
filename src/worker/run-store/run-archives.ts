// Stored runs as archives that a person takes elsewhere, and back.
import { AppError } from '../../base/app-error.ts'
import type { CommandOf, ReplyOf } from '../../contract/commands.ts'
import { bytesOfFile } from '../../files/byte-source.ts'
import { readRunZip, type TravellingRun, writeRunZip } from '../../transfer/run-zip.ts'
import { asImported } from './new-entry.ts'
import type { RunAddition, RunStore } from './run-store.ts'

const MOST_ARCHIVE_BYTES = 2 ** 31 - 1

/** @throws AppError `run-absent`, `run-damaged`, `runs-too-large` */
export async function writeArchive(
  store: RunStore,
  runs: readonly string[],
): Promise<ReplyOf<'export-runs'>> {
  const travelling: TravellingRun[] = []
  for (const run of runs) {
    const entry = await store.entry(run)
    const checkpoints = await store.checkpointFiles(run)
    travelling.push({ entry, ...(await store.history(run)), checkpoints })
  }
  const name = runs.length === 1 ? runs[0] : `${runs.length}-runs`
  return { fileName: `residual-lab-${name}.zip`, bytes: writeRunZip(travelling) }
}

/**
 * All runs of an archive. One whose id is taken gets another: what is stored is never replaced.
 * @throws AppError `run-unreadable`
 */
export async function readArchive(
  store: Pick<RunStore, 'ids'>,
  { file, prefix }: Pick<CommandOf<'import-runs'>, 'file' | 'prefix'>,
): Promise<RunAddition[]> {
  if (file.size > MOST_ARCHIVE_BYTES) {
    throw new AppError(
      'run-unreadable',
      `${file.name} has ${file.size} bytes, and runs of at most ${MOST_ARCHIVE_BYTES} can be imported at once; export fewer.`,
    )
  }
  const read = await readRunZip(await bytesOfFile(file), file.name)
  const taken = new Set(await store.ids())
  return read.map(({ entry, steps, epochs, log, checkpoints }, i) => ({
    entry: asImported(entry, taken.has(entry.run) ? `${prefix}-${i}` : null, prefix),
    steps: { first: 1, columns: steps },
    epochs,
    log,
    checkpoints,
  }))
}
