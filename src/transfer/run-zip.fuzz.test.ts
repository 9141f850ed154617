// Damaged archives of runs, drawn from a fixed seed: each is read whole or refused in a sentence. Corpus: two runs in an archive, stored and
// deflated.
import { unzipSync, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { AppError } from '../base/app-error.ts'
import type { Random } from '../base/random.ts'
import { readRunZip, withChecksums, writeRunZip } from './run-zip.ts'
import { cutOff, flipBit, fuzz, fuzzCount, repeat } from '../testing/fuzz.ts'
import { travellingRun } from '../testing/transfer/travelling-run.ts'
import { readZip } from '../files/read-zip.ts'
import { writeZip } from '../files/zip.ts'

const COUNT = fuzzCount(360, 0.2)

const RUNS = [travellingRun('a'), travellingRun('b')]
const WHOLE = writeRunZip(RUNS)
const PACKED = Uint8Array.from(zipSync(unzipSync(WHOLE), { level: 6 }))
const FILES = await readZip(WHOLE, 'mine.zip', {
  fileBytes: 2 ** 24,
  archiveBytes: 2 ** 24,
  files: 100,
  refuse: (what) => new AppError('run-unreadable', what),
})

/** Changes one file of the archive, whose checksums are then right. */
function inside(path: string, change: (file: Uint8Array) => Uint8Array): Uint8Array<ArrayBuffer> {
  return writeZip(
    withChecksums(new Map([...FILES].map(([name, file]) => [name, name === path ? change(file) : file]))),
  )
}

const SCRAPS = ['{', '}', '[', ']', '"', ',', ':', '0', '-', 'e99', 'null', '"__proto__":', '1e999', '\u{0}']

const DAMAGES: Readonly<Record<string, (random: Random) => Uint8Array<ArrayBuffer>>> = {
  'a bit': (random) => flipBit(random, WHOLE),
  'a bit of what is packed': (random) => flipBit(random, PACKED),
  truncation: (random) => cutOff(random, random.below(2) ? WHOLE : PACKED),
  'a repeated stretch': (random) => repeat(random, random.below(2) ? WHOLE : PACKED),
  'a bit of the directory': (random) => flipBit(random, WHOLE, WHOLE.length - 600),
  'a bit of a record': (random) => inside('a/run.json', (file) => flipBit(random, file)),
  'a scrap in a record': (random) =>
    inside('b/run.json', (file) => {
      const at = random.below(file.length)
      const scrap = new TextEncoder().encode(SCRAPS[random.below(SCRAPS.length)] ?? '')
      return Uint8Array.from([...file.subarray(0, at), ...scrap, ...file.subarray(at + random.below(3))])
    }),
  'a bit of a checkpoint': (random) => inside('a/checkpoint-2.safetensors', (file) => flipBit(random, file)),
  'swapped files': (random) => {
    const names = [...FILES.keys()]
    const one = names[random.below(names.length)]
    const other = names[random.below(names.length)] ?? ''
    return writeZip(
      new Map(
        [...FILES].map(([name, file]) => [name === one ? other : name === other ? (one ?? '') : name, file]),
      ),
    )
  },
}

async function outcome(archive: Uint8Array<ArrayBuffer>): Promise<'read' | 'refused'> {
  try {
    return (await readRunZip(archive, 'mine.zip')).length > 0 ? 'read' : 'refused'
  } catch (error) {
    if (error instanceof AppError && error.code === 'run-unreadable' && error.message.includes('mine.zip')) {
      return 'refused'
    }
    throw error
  }
}

test('what is written is read again, to the bit', async () => {
  expect(await readRunZip(WHOLE, 'mine.zip')).toEqual(RUNS)
})

test(
  `${COUNT} damaged archives are each read or refused, and nothing else happens`,
  { timeout: 3_600_000 },
  async () => {
    const seen = await fuzz('run-zip.fuzz', COUNT, DAMAGES, outcome)
    expect(seen['a bit of a checkpoint']).toEqual(new Set(['read', 'refused']))
    expect(seen['a bit']).toContain('refused')
    expect(Object.keys(seen)).toEqual(Object.keys(DAMAGES))
  },
)

test.each([
  ['not a zip at all', new TextEncoder().encode('<!doctype html>')],
  ['an empty file', new Uint8Array()],
  ['an archive of something else', writeZip(new Map([['photo.jpg', Uint8Array.of(1)]]))],
])('%s is refused', async (_what, archive) => {
  expect(await outcome(archive)).toBe('refused')
})

test('an archive that would unpack into far more than a run is refused before it is unpacked', async () => {
  const path = 'a/run.json'
  const bomb = inside(path, () => new Uint8Array(10))
  // The size in the directory, which is all that is looked at.
  const at = Buffer.from(bomb).lastIndexOf(path) - 46 + 24
  new DataView(bomb.buffer).setUint32(at, 2 ** 31, true)
  await expect(readRunZip(bomb, 'mine.zip')).rejects.toThrow(/a\/run\.json would take 2147483648 bytes/)
})
