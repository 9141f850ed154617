// Files that were dropped on the page, and those in dropped folders: each goes to the reader of what it is.
import { AppError } from '../base/app-error.ts'
import { sourceOfFile, unreadable } from '../files/byte-source.ts'
import { type FileKind, fileKindOf, HEAD_BYTES, type Reader } from '../files/file-kinds.ts'
import type { DataActions } from './data/data-actions.ts'
import type { ExportActions } from './export/export-actions.ts'
import { attempt, type LabStore } from './lab-store.ts'
import type { StoredRunActions } from './runs/stored-run-actions.ts'
import type { SetupActions } from './setup/setup-actions.ts'

export type DroppedFile = { readonly file: File; readonly isInFolder: boolean }

/** At once: what a command may carry. */
const MOST_FILES = 1_000

/**
 * The files of a drop, folders walked.
 * @param items of the event, whose list is empty once the event is over
 * @throws AppError `file-unreadable`
 */
export function filesOfDrop(items: DataTransferItemList): Promise<DroppedFile[]> {
  const given = [...items].flatMap((item) => {
    const entry = item.webkitGetAsEntry()
    const file = item.getAsFile()
    return entry || file ? [{ entry, file }] : []
  })
  const files = given.map(async ({ entry, file }): Promise<DroppedFile[]> => {
    if (entry && isDirectory(entry)) {
      const inside = await walk(entry)
      return inside.map((each) => ({ file: each, isInFolder: true }))
    }
    return file ? [{ file, isInFolder: false }] : []
  })
  return Promise.all(files).then((each) => each.flat())
}

const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile

async function walk(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const files: File[] = []
  const folders = [folder]
  for (let next = folders.pop(); next; next = folders.pop()) {
    for (const entry of await entriesOf(next)) {
      if (isDirectory(entry)) folders.push(entry)
      if (isFile(entry)) files.push(await fileOf(entry))
      if (files.length > MOST_FILES) throw tooMany(`${folder.name} holds`)
    }
  }
  return files
}

const tooMany = (what: string) =>
  new AppError(
    'file-unreadable',
    `${what} more than ${MOST_FILES.toLocaleString('en')} files; drop the ones that are meant.`,
  )

/** Readers give a hundred at a time, and none at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, (cause) => reject(unreadable(folder.name, cause)))
    })
    if (some.length === 0) return all
    all.push(...some)
  }
}

const fileOf = (entry: FileSystemFileEntry) =>
  new Promise<File>((resolve, reject) => {
    entry.file(resolve, (cause) => reject(unreadable(entry.name, cause)))
  })

export type SortedFiles = Readonly<Record<Reader, readonly File[]>>

/**
 * Which reader takes each. Of what lies in folders, only what is known to be for one is taken, unless nothing is.
 * @throws AppError `file-unreadable`
 */
export async function sortFiles(dropped: readonly DroppedFile[]): Promise<SortedFiles> {
  if (dropped.length > MOST_FILES) throw tooMany('These are')
  const known = await Promise.all(
    dropped.map(async ({ file, isInFolder }) => {
      const kind = fileKindOf(await sourceOfFile(file).read(0, HEAD_BYTES))
      return { file, reader: readerOf(kind, file.name), isMeant: !isInFolder || isSought(kind) }
    }),
  )
  const meant = known.filter(({ isMeant }) => isMeant)
  const taken = meant.length > 0 ? meant : known
  const filesFor = (wanted: Reader) => taken.flatMap(({ file, reader }) => (reader === wanted ? [file] : []))
  return {
    weights: filesFor('weights'),
    images: filesFor('images'),
    runs: filesFor('runs'),
    setup: filesFor('setup'),
  }
}

const SOUGHT: ReadonlySet<string> = new Set([
  'safetensors',
  'zip',
  'cifar-zip',
  'gzip',
  'tar',
  'cifar-python',
])

/** CIFAR's own files begin with nothing that could be known. */
const isSought = (kind: FileKind | null) => kind === null || SOUGHT.has(kind.id)

const BY_ENDING: readonly (readonly [RegExp, Reader])[] = [
  [/\.(safetensors|pth?|ckpt|onnx|npz|h5|keras)$/i, 'weights'],
  [/\.zip$/i, 'runs'],
  [/\.json$/i, 'setup'],
]

const readerOf = (kind: FileKind | null, name: string): Reader =>
  kind?.reader ?? BY_ENDING.find(([ending]) => ending.test(name))?.[1] ?? 'images'

type Opens = 'importData' | 'evaluateWeights' | 'importRuns' | 'openSetup'

export type OpenFiles = {
  /** Opens dropped files, each as what it is. */
  readonly openFiles: (dropped: Promise<readonly DroppedFile[]>) => Promise<void>
}

export function createOpenFiles(
  store: LabStore,
  actions: Pick<DataActions & ExportActions & StoredRunActions & SetupActions, Opens>,
): OpenFiles {
  return {
    openFiles: (dropped) =>
      attempt(store, { place: 'page' }, async () => {
        const { weights, images, runs, setup } = await sortFiles(await dropped)
        const { set, limitTest } = store.getState().setup.data
        await Promise.all([
          images.length > 0 ? actions.importData([...images]) : null,
          ...weights.map((file) => actions.evaluateWeights(file, set, limitTest)),
          ...runs.map((file) => actions.importRuns(file)),
          ...setup.map((file) => actions.openSetup(file)),
        ])
      }),
  }
}
