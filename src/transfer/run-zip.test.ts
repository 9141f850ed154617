// Archives of runs on their way: many, too many, packed anew by another program, and made to harm.
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { AppError } from '../base/app-error.ts'
import { classificationReport } from '../training/classification-report.ts'
import { readRunZip, withChecksums, writeRunZip } from './run-zip.ts'
import { travellingRun } from '../testing/transfer/travelling-run.ts'
import { readZip } from '../files/read-zip.ts'

const RUNS = [travellingRun('a'), travellingRun('b')]
const FILES = await readZip(writeRunZip(RUNS), 'mine.zip', {
  fileBytes: 2 ** 24,
  archiveBytes: 2 ** 24,
  files: 100,
  refuse: (what) => new AppError('run-unreadable', what),
})

/** As other programs pack: compressed, with their own files among ours. */
const packed = (files: Iterable<readonly [string, Uint8Array]>): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(zipSync(Object.fromEntries(files), { level: 9 }))

test('200 runs leave in one archive, and all come back', async () => {
  const runs = Array.from({ length: 200 }, (_, i) => travellingRun(`run-${i}`))
  const read = await readRunZip(writeRunZip(runs), 'all.zip')
  expect(read.map(({ entry }) => entry.run).toSorted()).toEqual(runs.map(({ entry }) => entry.run).toSorted())
})

test('runs that take more than an archive holds do not leave, and the sentence says how much they take', () => {
  // Never written to, so that it takes no memory.
  const bytes = new Uint8Array(2 ** 29)
  const checkpoints = [1, 2, 3, 4].map((steps) => ({ bytes, steps, isBest: false, endsEpoch: true }))
  expect(() => writeRunZip([{ ...travellingRun('a'), checkpoints }])).toThrow(
    expect.objectContaining({
      code: 'runs-too-large',
      message: expect.stringMatching(/^These runs take 7 files of 2147\.5 MB in all, .* save fewer of them/),
    }),
  )
})

test.each([
  ['the files as they were', [...FILES]],
  ['a folder around them', [...FILES].map(([path, file]) => [`my runs/${path}`, file] as const)],
  [
    'files of the program’s own',
    [...FILES, ['__MACOSX/a/._run.json', Uint8Array.of(1)], ['a/.DS_Store', Uint8Array.of(2)]] as const,
  ],
])('an archive packed anew with %s is read to the bit', async (_what, files) => {
  expect(await readRunZip(packed(files), 'mine.zip')).toEqual(RUNS)
})

test('a run of before engines were noted is read, and names none', async () => {
  const before = [...FILES].map(([path, file]) => {
    if (!path.endsWith('/run.json')) return [path, file] as const
    const record = JSON.parse(new TextDecoder().decode(file))
    delete record.entry.engines
    return [path, new TextEncoder().encode(JSON.stringify(record))] as const
  })
  expect(await readRunZip(packed(withChecksums(new Map(before))), 'mine.zip')).toEqual(RUNS)
})

test.each(['a/checkpoint-2.safetensors', 'b/run.json', 'checksums.json'])(
  'an archive without its %s is refused, and the sentence names it',
  async (path) => {
    const archive = packed([...FILES].filter(([name]) => name !== path))
    await expect(readRunZip(archive, 'mine.zip')).rejects.toThrow(
      expect.objectContaining({ code: 'run-unreadable', message: expect.stringContaining(path) }),
    )
  },
)

test('a file that unpacks into more than the archive says is refused', async () => {
  const path = 'a/run.json'
  const archive = packed(
    [...FILES].map(([name, file]) => [name, name === path ? new Uint8Array(2 ** 24) : file]),
  )
  const inDirectory = Buffer.from(archive).lastIndexOf(path) - 46 + 24
  expect(new DataView(archive.buffer).getUint32(inDirectory, true)).toBe(2 ** 24)
  new DataView(archive.buffer).setUint32(inDirectory, 100, true)
  await expect(readRunZip(archive, 'mine.zip')).rejects.toThrow(/^mine\.zip is not a whole run of this lab: /)
})

function withEpoch(classes: number, label: number) {
  const confusion = new Uint32Array(classes * classes).fill(1)
  const score = classificationReport({ confusion, lossSum: classes }, classes)
  const answers = { labels: Uint8Array.of(0), predicted: Uint8Array.of(label) }
  const epoch = { epoch: 1, step: 2, at: 1, train: null, validation: null, test: score, answers }
  return writeRunZip([{ ...travellingRun('a'), epochs: [epoch] }])
}

test('scores of other classes than the data set’s are refused: no panel could show them', async () => {
  expect((await readRunZip(withEpoch(10, 9), 'mine.zip'))[0]?.epochs).toHaveLength(1)
  for (const archive of [withEpoch(9, 0), withEpoch(100, 0), withEpoch(10, 10)]) {
    await expect(readRunZip(archive, 'mine.zip')).rejects.toThrow(
      /^mine\.zip .* a\/run\.json has scores after epoch 1 that are not of 10 classes\./,
    )
  }
})

/** Each file's record in the directory of an archive without zip64, and its local header. */
function recordsOf(archive: Uint8Array): { directory: number; local: number; nameBytes: number }[] {
  const view = new DataView(archive.buffer)
  const records = []
  for (let at = view.getUint32(archive.length - 6, true); view.getUint32(at, true) === 0x02014b50;) {
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true))
    records.push({ directory: at, local: view.getUint32(at + 42, true), nameBytes: name ?? 0 })
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0)
  }
  return records
}

/** The archive with `change` made to each of its files' records. */
function changed(
  archive: Uint8Array,
  change: (view: DataView, record: ReturnType<typeof recordsOf>[number], bytes: Uint8Array) => void,
): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(archive)
  for (const record of recordsOf(copy)) change(new DataView(copy.buffer), record, copy)
  return copy
}

/** Every offset in a zip64 field of its own, as programs write them that do not know how large the archive will be. */
function withZip64Offsets(archive: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const records = recordsOf(archive)
  const [first, end] = [records[0]?.directory ?? 0, archive.length - 22]
  const parts = records.map(({ directory, local }, i) => {
    const next = records[i + 1]?.directory ?? end
    const record = archive.slice(directory, next)
    const view = new DataView(record.buffer)
    view.setUint32(42, 0xffffffff, true)
    view.setUint16(30, 12, true)
    const field = new DataView(new ArrayBuffer(12))
    field.setUint16(0, 1, true)
    field.setUint16(2, 8, true)
    field.setBigUint64(4, BigInt(local), true)
    return Buffer.concat([record, new Uint8Array(field.buffer)])
  })
  const tail = archive.slice(end)
  new DataView(tail.buffer).setUint32(
    12,
    parts.reduce((sum, { length }) => sum + length, 0),
    true,
  )
  return Uint8Array.from(Buffer.concat([archive.subarray(0, first), ...parts, tail]))
}

/** Sizes and checksum behind each file, as programs write them that pack into a pipe. */
function withDataDescriptors(archive: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = []
  const records = recordsOf(archive)
  const directory = archive.slice(records[0]?.directory, -22)
  const first = records[0]?.directory ?? 0
  let at = 0
  for (const [i, { directory: record, local }] of records.entries()) {
    const file = archive.slice(local, records[i + 1]?.local ?? first)
    const view = new DataView(file.buffer)
    const descriptor = new DataView(new ArrayBuffer(16))
    descriptor.setUint32(0, 0x08074b50, true)
    for (let field = 0; field < 3; field++) {
      descriptor.setUint32(4 + 4 * field, view.getUint32(14 + 4 * field, true), true)
      view.setUint32(14 + 4 * field, 0, true)
    }
    view.setUint16(6, view.getUint16(6, true) | 8, true)
    const own = new DataView(directory.buffer)
    own.setUint16(record - first + 8, view.getUint16(6, true), true)
    own.setUint32(record - first + 42, at, true)
    parts.push(file, new Uint8Array(descriptor.buffer))
    at += file.length + 16
  }
  const tail = archive.slice(-22)
  new DataView(tail.buffer).setUint32(16, at, true)
  return Uint8Array.from(Buffer.concat([...parts, directory, tail]))
}

function withComment(archive: Uint8Array<ArrayBuffer>, comment: string): Uint8Array<ArrayBuffer> {
  const whole = Buffer.concat([archive, Buffer.from(comment)])
  whole.writeUInt16LE(comment.length, archive.length - 2)
  return Uint8Array.from(whole)
}

const withBackslashes = (archive: Uint8Array) =>
  changed(archive, (_view, { directory, local, nameBytes }, bytes) => {
    for (const name of [directory + 46, local + 30]) {
      for (let at = name; at < name + nameBytes; at++) if (bytes[at] === 0x2f) bytes[at] = 0x5c
    }
  })

const before = (text: string, archive: Uint8Array) =>
  Uint8Array.from(Buffer.concat([Buffer.from(text), archive]))

test.each([
  ['with backslashes in its paths, as Windows programs pack', withBackslashes(packed(FILES))],
  [
    'in a folder of that name, with backslashes',
    withBackslashes(packed([...FILES].map(([path, file]) => [`out/${path}`, file] as const))),
  ],
  ['with zip64 offsets alone', withZip64Offsets(packed(FILES))],
  ['with bytes before its first header', before('#!/bin/sh\nunzip "$0"\n', packed(FILES))],
  ['with data descriptors', withDataDescriptors(packed(FILES))],
  ['with a comment', withComment(packed(FILES), 'packed by hand')],
])('an archive %s is read to the bit', async (_what, archive) => {
  expect(await readRunZip(archive, 'mine.zip')).toEqual(RUNS)
})

const method = (number: number) =>
  changed(packed(FILES), (view, { directory, local }) => {
    view.setUint16(directory + 10, number, true)
    view.setUint16(local + 8, number, true)
  })

test.each([
  [
    'a password',
    changed(packed(FILES), (view, { directory, local }) => {
      view.setUint16(directory + 8, 1, true)
      view.setUint16(local + 6, 1, true)
    }),
    'is encrypted; pack it without a password',
  ],
  ['Zstandard', method(93), 'is packed with Zstandard; pack it as an ordinary zip'],
  ['Deflate64', method(9), 'is packed with Deflate64; pack it as an ordinary zip'],
  [
    'RAR',
    Uint8Array.of(0x52, 0x61, 0x72, 0x21, 0x1a, 0x07, 1, 0),
    'it is a RAR archive. Nothing was imported. Unpack it,',
  ],
  [
    '7z',
    Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4),
    'it is a 7z archive. Nothing was imported. Unpack it,',
  ],
  ['PyTorch’s zip', packed([['archive/data.pkl', Uint8Array.of(0x80, 2)]]), 'it is a PyTorch checkpoint.'],
  ['NumPy’s zip', packed([['conv1.weight.npy', Uint8Array.of(0x93)]]), 'it is a NumPy archive.'],
  [
    'CIFAR’s files',
    packed([['cifar-10-batches-bin/data_batch_1.bin', Uint8Array.of(1)]]),
    'it is a zip of CIFAR files.',
  ],
])('an archive with %s is named for what it is', async (_what, archive, said) => {
  await expect(readRunZip(archive, 'mine.zip')).rejects.toMatchObject({
    code: 'run-unreadable',
    message: expect.stringContaining(said),
  })
})
