// Which files of which data set a person gave, whatever they are called: by their size and SHA-256, and in archives by
// their names where those say it.
import { createSHA256 } from 'hash-wasm'
import { AppError } from '../../base/app-error.ts'
import { archiveEntries } from '../../files/archive-entries.ts'
import { type ByteSource, chunksOfSource } from '../../files/byte-source.ts'
import { describeWrongFile, type FileKind, fileKindOf, HEAD_BYTES } from '../../files/file-kinds.ts'
import { zipEntries } from '../../files/read-zip.ts'
import { type CifarFormat, type CifarMember, memberBytes } from './cifar-format.ts'

/** A file, in an archive or on its own. */
export type SourceFile = {
  readonly path: string
  readonly name: string
  readonly size: number
  readonly bytes: AsyncIterable<Uint8Array>
}

type GivenFile = SourceFile & {
  readonly isPacked: boolean
  /** Of a file on its own. */
  readonly kind: FileKind | null
}

/** A data set among the files that were given. */
export type FoundSet = {
  readonly format: CifarFormat
  /** By the place of the file among all. */
  readonly members: ReadonlyMap<number, CifarMember>
  readonly missing: readonly CifarMember[]
  /** Why some may be missing, in brackets. */
  readonly hint: string
}

/** The files in given archives, and the given files themselves; the same ones in the same order each time. */
async function* filesIn(sources: readonly ByteSource[]): AsyncGenerator<GivenFile, void, undefined> {
  for (const source of sources) {
    const { name, size } = source
    const kind = fileKindOf(await source.read(0, Math.min(HEAD_BYTES, size)))
    if (kind?.id === 'gzip' || kind?.id === 'tar') {
      for await (const entry of archiveEntries(chunksOfSource(source), name))
        yield { ...entry, isPacked: true, kind: null }
    } else if (kind?.id === 'cifar-zip' || kind?.id === 'zip') {
      for await (const entry of zipEntries(source, (what) => badZip(name, what)))
        yield { ...entry, isPacked: true, kind: null }
    } else {
      yield { path: name, name, size, bytes: chunksOfSource(source), isPacked: false, kind }
    }
  }
}

const badZip = (name: string, what: string) =>
  new AppError('archive-truncated', `${name} cannot be read: ${what}. Get it again.`)

/**
 * What data sets are among the files; each file of a set once, however often it was given.
 * @throws AppError `archive-incomplete`, or `archive-not-gzip` of a single file, where none is; and as reading them does
 */
export async function recogniseFiles(
  sources: readonly ByteSource[],
  formats: readonly CifarFormat[],
): Promise<FoundSet[]> {
  const known = formats.flatMap((format) => format.members.map((member) => ({ format, member })))
  const byContent = new Map<CifarMember, number>()
  const byName = new Map<CifarMember, number>()
  const seen: GivenFile[] = []
  for await (const file of filesIn(sources)) {
    const at = seen.push(file) - 1
    const named = known.find(({ member }) => member.name === file.name)
    const sized = known.filter(({ format, member }) => memberBytes(format, member) === file.size)
    if (named && !byName.has(named.member)) byName.set(named.member, at)
    // An archive's names are its maker's; a digest would take a second pass over all of it.
    if (sized.length === 0 || (file.isPacked && named)) continue
    const digest = await digestOf(file.bytes)
    const found = sized.find(({ member }) => member.sha256 === digest)
    if (found && !byContent.has(found.member)) byContent.set(found.member, at)
  }
  const hint = versionHint(seen)
  const sets = formats.flatMap((format): FoundSet[] => {
    const taken = new Set(format.members.flatMap((member) => byContent.get(member) ?? []))
    const places = format.members.flatMap((member) => {
      const named = byName.get(member)
      // A file with the right name and other content is read, so that the sentence says what is wrong with it.
      const at = byContent.get(member) ?? (named !== undefined && taken.has(named) ? undefined : named)
      return at === undefined ? [] : [[at, member] as const]
    })
    const members = new Map(places)
    const present = new Set(members.values())
    const missing = format.members.filter((member) => !present.has(member))
    return members.size > 0 ? [{ format, members, missing, hint }] : []
  })
  if (sets.length === 0) throw nothingFound(sources, seen, formats, hint)
  return sets
}

/** The files of a set that was found, by their own names. */
export async function* filesOf(
  sources: readonly ByteSource[],
  { members }: FoundSet,
): AsyncGenerator<SourceFile, void, undefined> {
  let at = 0
  for await (const file of filesIn(sources)) {
    const member = members.get(at++)
    if (member) yield { ...file, name: member.name }
    if (at > Math.max(...members.keys())) return
  }
}

/** @param source what was given, for the sentence */
export function incomplete(
  { format, missing, hint }: Pick<FoundSet, 'format' | 'missing' | 'hint'>,
  source: string,
): AppError {
  const names = missing.map(({ name }) => name).join(', ')
  const are = missing.length === 1 ? '1 is' : `${missing.length} are`
  return new AppError(
    'archive-incomplete',
    `${source}: of the ${format.members.length} files of ${format.title}, ${are} missing (${names})${hint}; get ` +
      `${format.archive} again, or drop all of its .bin files together.`,
  )
}

export function describeSources(sources: readonly ByteSource[]): string {
  const [first] = sources
  return sources.length === 1 && first ? first.name : `These ${sources.length} files`
}

function nothingFound(
  sources: readonly ByteSource[],
  seen: readonly GivenFile[],
  formats: readonly CifarFormat[],
  hint: string,
): AppError {
  const wanted = formats.map(({ archive }) => archive).join(' or ')
  const advice = `drop ${wanted}, or the .bin files out of it.`
  const [file] = seen
  if (sources.length === 1 && file?.kind) {
    return new AppError(
      'archive-not-gzip',
      describeWrongFile(file.kind, file.name, 'a CIFAR archive', `To have the images, ${advice}`),
    )
  }
  const hold = sources.length === 1 ? 'holds' : 'hold'
  return new AppError(
    'archive-incomplete',
    `${describeSources(sources)} ${hold} no file of a data set that this page knows${hint}; ${advice}`,
  )
}

/** The same images are published in three formats; the wrong one is an easy mistake. */
export function versionHint(
  files: readonly { readonly path: string; readonly kind?: FileKind | null }[],
): string {
  if (files.some(({ path, kind }) => kind?.id === 'cifar-python' || /batches-py|-python\//.test(path)))
    return ' (it is the Python version; the binary one is needed)'
  if (files.some(({ path, kind }) => kind?.id === 'matlab' || path.endsWith('.mat')))
    return ' (it is the MATLAB version; the binary one is needed)'
  return ''
}

async function digestOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const sha256 = await createSHA256()
  sha256.init()
  for await (const piece of bytes) sha256.update(piece)
  return sha256.digest()
}
