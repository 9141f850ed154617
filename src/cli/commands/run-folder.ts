// The folder that --out names: a run's weights, metrics and checkpoint. Each file is replaced whole or not at all.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError } from '../../base/app-error.ts'
import { preferredNaming } from '../../presets/presets.ts'
import type { Checkpoint } from '../../training/checkpoint.ts'
import { readCheckpoint, writeCheckpoint } from '../../transfer/checkpoint-file.ts'
import { epochsCsv, stepsCsv } from '../../transfer/metrics-files.ts'
import { writeWeights } from '../../transfer/weights-file.ts'

const CHECKPOINT = 'checkpoint.safetensors'
export const METRICS = 'metrics.json'

/** @throws AppError `storage-failed` */
export async function makeRunFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new AppError(
      'storage-failed',
      `${folder} cannot be made; give --out a folder that can be written.`,
      { cause },
    )
  })
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

/** Writes beside the file, then renames: whoever reads finds the old content or the new. @throws AppError `storage-failed` */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const unfinished = `${path}.part`
  try {
    await writeFile(unfinished, content, { flush: true })
    await rename(unfinished, path)
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

export function unwritable(path: string, cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new AppError(
    'storage-failed',
    `${path} cannot be written (${why}); make room there, or give --out another place.`,
    { cause },
  )
}
