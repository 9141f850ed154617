// The folder that --out names: a run's weights, metrics and checkpoint. Each file is replaced whole or not at all.
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError } from '../../base/app-error.ts'
import { preferredNaming } from '../../presets/presets.ts'
import type { Checkpoint } from '../../training/checkpoint.ts'
import { readCheckpoint, writeCheckpoint } from '../../transfer/checkpoint-file.ts'
import { epochsCsv, stepsCsv } from '../../transfer/metrics-files.ts'
import { isEventsFile } from '../../transfer/tfevents.ts'
import { writeWeights } from '../../transfer/weights-file.ts'
import { assertWritable, replaceFile, unwritable } from './output-files.ts'

const CHECKPOINT = 'checkpoint.safetensors'
export const METRICS = 'metrics.json'

/** The files of a run, whatever else is in its folder. */
const RUN_FILES: ReadonlySet<string> = new Set([
  CHECKPOINT,
  METRICS,
  'weights.safetensors',
  'steps.csv',
  'epochs.csv',
])

const isOfRun = (name: string) => RUN_FILES.has(name) || isEventsFile(name)

/**
 * A folder for a new run.
 * @throws AppError `storage-failed` where it holds a run that is not to be overwritten, or cannot be written
 */
export async function makeRunFolder(folder: string, overwrite: boolean): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw unwritable(folder, cause)
  })
  await assertWritable(folder, folder)
  if (overwrite || (await filesOfRun(folder)).length === 0) return
  throw new AppError(
    'storage-failed',
    `${folder} holds a run already; give --out another folder, continue that run with --resume ${folder}, or give --overwrite to replace it.`,
  )
}

/** Removes the run that a folder holds, and nothing else from it. @throws AppError `storage-failed` */
export async function clearRun(folder: string): Promise<void> {
  for (const name of await filesOfRun(folder)) {
    const path = join(folder, name)
    await rm(path).catch((cause: unknown) => {
      throw unwritable(path, cause)
    })
  }
}

async function filesOfRun(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw unwritable(folder, cause)
  })
  return entries.filter((entry) => !entry.isDirectory() && isOfRun(entry.name)).map(({ name }) => name)
}

/** @throws AppError `weights-malformed` */
export async function readWeightsFile(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: unknown) => {
    throw new AppError('weights-malformed', `${path} cannot be read; --weights takes a safetensors file.`, {
      cause,
    })
  })
}

/** @throws AppError `checkpoint-unreadable` */
export async function loadCheckpoint(folder: string): Promise<Checkpoint> {
  const path = join(folder, CHECKPOINT)
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new AppError(
      'checkpoint-unreadable',
      `${path} cannot be read; name a folder that \`lab train --out\` has written.`,
      { cause },
    )
  })
  return readCheckpoint(bytes, path)
}

/** @throws AppError `storage-failed` */
export async function saveCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  await replaceFile(join(folder, CHECKPOINT), writeCheckpoint(checkpoint))
}

/**
 * The run's weights, for PyTorch and others, and its metrics, for scripts and spreadsheets.
 * @returns the paths of all files of the run
 * @throws AppError `storage-failed`
 */
export async function saveResults(
  folder: string,
  checkpoint: Checkpoint,
  report: unknown,
): Promise<string[]> {
  const { config, state, points, epochs } = checkpoint
  const metrics = [{ run: basename(folder), config, points, epochs }]
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'weights.safetensors': writeWeights({
      state,
      config,
      naming: preferredNaming(config),
      metrics: epochs,
    }),
    [METRICS]: `${JSON.stringify(report, null, 1)}\n`,
    'steps.csv': stepsCsv(metrics),
    'epochs.csv': epochsCsv(metrics),
  }
  for (const [name, content] of Object.entries(files)) await replaceFile(join(folder, name), content)
  return [...Object.keys(files), CHECKPOINT].map((name) => join(folder, name))
}
