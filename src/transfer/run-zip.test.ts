// Archives of runs on their way: many, too many, packed anew by another program, and made to harm.
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { AppError } from '../base/app-error.ts'
import { classificationReport } from '../training/classification-report.ts'
import { readRunZip, withChecksums, writeRunZip } from './run-zip.ts'
import { travellingRun } from '../testing/transfer/travelling-run.ts'
import { readZip } from './zip.ts'

const RUNS = [travellingRun('a'), travellingRun('b')]
const FILES = readZip(writeRunZip(RUNS), {
  fileBytes: 2 ** 24,
  archiveBytes: 2 ** 24,
  files: 100,
  refuse: (what) => new AppError('run-unreadable', what),
})

/** As other programs pack: compressed, with their own files among ours. */
const packed = (files: Iterable<readonly [string, Uint8Array]>): Uint8Array =>
  zipSync(Object.fromEntries(files), { level: 9 })

test('200 runs leave in one archive, and all come back', () => {
  const runs = Array.from({ length: 200 }, (_, i) => travellingRun(`run-${i}`))
  const read = readRunZip(writeRunZip(runs), 'all.zip')
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
])('an archive packed anew with %s is read to the bit', (_what, files) => {
  expect(readRunZip(packed(files), 'mine.zip')).toEqual(RUNS)
})

test('a run of before engines were noted is read, and names none', () => {
  const before = [...FILES].map(([path, file]) => {
    if (!path.endsWith('/run.json')) return [path, file] as const
    const record = JSON.parse(new TextDecoder().decode(file))
    delete record.entry.engines
    return [path, new TextEncoder().encode(JSON.stringify(record))] as const
  })
  expect(readRunZip(packed(withChecksums(new Map(before))), 'mine.zip')).toEqual(RUNS)
})

test.each(['a/checkpoint-2.safetensors', 'b/run.json', 'checksums.json'])(
  'an archive without its %s is refused, and the sentence names it',
  (path) => {
    const archive = packed([...FILES].filter(([name]) => name !== path))
    expect(() => readRunZip(archive, 'mine.zip')).toThrow(
      expect.objectContaining({ code: 'run-unreadable', message: expect.stringContaining(path) }),
    )
  },
)

test('a file that unpacks into more than the archive says is refused', () => {
  const path = 'a/run.json'
  const archive = packed(
    [...FILES].map(([name, file]) => [name, name === path ? new Uint8Array(2 ** 24) : file]),
  )
  const inDirectory = Buffer.from(archive).lastIndexOf(path) - 46 + 24
  expect(new DataView(archive.buffer).getUint32(inDirectory, true)).toBe(2 ** 24)
  new DataView(archive.buffer).setUint32(inDirectory, 100, true)
  expect(() => readRunZip(archive, 'mine.zip')).toThrow(/^mine\.zip is not a whole run of this lab: /)
})

function withEpoch(classes: number, label: number) {
  const confusion = new Uint32Array(classes * classes).fill(1)
  const score = classificationReport({ confusion, lossSum: classes }, classes)
  const answers = { labels: Uint8Array.of(0), predicted: Uint8Array.of(label) }
  const epoch = { epoch: 1, step: 2, at: 1, train: null, validation: null, test: score, answers }
  return writeRunZip([{ ...travellingRun('a'), epochs: [epoch] }])
}

test('scores of other classes than the data set’s are refused: no panel could show them', () => {
  expect(readRunZip(withEpoch(10, 9), 'mine.zip')[0]?.epochs).toHaveLength(1)
  for (const archive of [withEpoch(9, 0), withEpoch(100, 0), withEpoch(10, 10)]) {
    expect(() => readRunZip(archive, 'mine.zip')).toThrow(
      /^mine\.zip .* a\/run\.json has scores after epoch 1 that are not of 10 classes\./,
    )
  }
})
