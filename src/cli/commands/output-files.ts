// Files that commands write: each is there whole or not at all, and nothing that was there is lost unasked.
import { rmSync } from 'node:fs'
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../base/app-error.ts'

/**
 * What can be said before the work whose result is to be written at `path`.
 * @throws AppError `storage-failed` where a file is there already, or none can be written
 */
export async function assertFree(path: string, overwrite: boolean): Promise<void> {
  const found = await statOrNull(path)
  if (found?.isFile() === true && !overwrite) {
    throw new AppError(
      'storage-failed',
      `${path} exists already; give --out another name, or --overwrite to replace it.`,
    )
  }
  if (found?.isDirectory() === true) throw unwritable(path, { code: 'EISDIR' })
  if (!found || found.isFile()) await assertWritable(dirname(path), path)
}

/** @param path what is to be written in the folder @throws AppError `storage-failed` */
export async function assertWritable(folder: string, path: string): Promise<void> {
  // By trying: rights alone do not say whether a file can be made.
  const probe = join(folder, `.${process.pid}.part`)
  try {
    await writeFile(probe, '')
    await rm(probe)
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

/** Of this process, which it does not leave behind however it ends. */
const unfinishedFiles = new Set<string>()
process.once('exit', () => {
  for (const path of unfinishedFiles) rmSync(path, { force: true })
})

/**
 * Writes beside the file, then renames: whoever reads finds the old content or the new. What is no file, such as a pipe, is
 * written to.
 * @throws AppError `storage-failed`
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  try {
    const found = await statOrNull(path)
    if (found && !found.isFile()) return await writeFile(path, content)
    // A link stays one.
    const target = found ? await realpath(path) : path
    await writeWhole(target, content)
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const unfinished = `${path}.${process.pid}.part`
  unfinishedFiles.add(unfinished)
  try {
    await writeFile(unfinished, content, { flush: true })
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  } finally {
    unfinishedFiles.delete(unfinished)
  }
}

/** Null where nothing is there, or nothing that can be looked at. */
const statOrNull = (path: string) => stat(path).catch(() => null)

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EDQUOT: 'your quota is used up',
  EEXIST: 'a file has that name',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'its folder is not there',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is a file',
  EPERM: 'you may not write there',
  EROFS: 'that file system is read-only',
}

export function unwritable(path: string, cause: unknown): AppError {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
  const why = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause))
  return new AppError(
    'storage-failed',
    `${path} cannot be written: ${why}. Make room there, or give --out another place.`,
    { cause },
  )
}
