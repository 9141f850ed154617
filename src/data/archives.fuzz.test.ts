// Damaged archives of images, imported beside a set that is there: each is the published set or is refused, and what was
// stored stays. Corpus: the archives of a set of 12 images, as .tar, .tar.gz of one member and of two, .zip.
import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { tickingClock } from '../../scripts/testing/ticking-clock.ts'
import { AppError, type AppErrorCode } from '../base/app-error.ts'
import type { Random } from '../base/random.ts'
import { writeZip } from '../files/zip.ts'
import { databaseContents } from '../testing/data/database-contents.ts'
import { openFreshStore } from '../testing/data/open-fresh-store.ts'
import { concatenate, createTinySet, gzip, packFiles } from '../testing/data/tiny-set.ts'
import { allOutcomes, cutOff, flipBit, fuzz, fuzzCount, repeat } from '../testing/fuzz.ts'
import { createDataLibrary } from './data-library.ts'

const COUNT = fuzzCount(104, 0.2)

const { format, files } = await createTinySet('cifar10', { images: 2 })
const TAR = await packFiles(files)
const HALF = 20_480
const CORPUS = [
  TAR,
  await gzip(TAR),
  concatenate([await gzip(TAR.slice(0, HALF)), await gzip(TAR.slice(HALF))]),
  writeZip(files),
]
const pick = (random: Random) => CORPUS[random.below(CORPUS.length)] ?? TAR

/** Where an entry's header begins. */
const HEADERS = Array.from({ length: TAR.length / 512 }, (_, block) => block * 512).filter(
  (at) => Buffer.from(TAR.subarray(at + 257, at + 262)).toString() === 'ustar',
)

const DAMAGES: Readonly<Record<string, (random: Random) => Uint8Array<ArrayBuffer>>> = {
  none: pick,
  'a bit': (random) => flipBit(random, pick(random)),
  'a bit of a tar header': (random) => {
    const at = HEADERS[random.below(HEADERS.length)] ?? 0
    return flipBit(random, TAR, at, at + 512)
  },
  'a bit of the beginning': (random) => flipBit(random, pick(random), 0, 64),
  'a bit of the end': (random) => {
    const archive = pick(random)
    return flipBit(random, archive, archive.length - 600)
  },
  truncation: (random) => cutOff(random, pick(random)),
  'a repeated stretch': (random) => repeat(random, pick(random)),
  'two bits': (random) => flipBit(random, flipBit(random, pick(random))),
}

const REFUSALS: readonly AppErrorCode[] = [
  'archive-not-gzip',
  'archive-truncated',
  'archive-incomplete',
  'archive-digest',
  'label-out-of-range',
]

test(
  `${COUNT} damaged archives are each imported or refused, and nothing is written of those refused`,
  { timeout: 3_600_000 },
  async () => {
    const { store, name } = await openFreshStore()
    const library = createDataLibrary({
      store,
      fetch: () => Promise.reject(new Error('nothing is fetched')),
      elapsed: tickingClock,
      emit: () => undefined,
      defaultBase: '',
      formats: [format],
    })
    await library.import([new File([TAR], 'cifar.tar')])
    const train = await library.load('cifar10', 'train', null)
    let before = await databaseContents(name)
    const seen = await fuzz('archives.fuzz', COUNT, DAMAGES, async (archive): Promise<string> => {
      try {
        await library.import([new File([archive], 'cifar')])
      } catch (error) {
        if (!(error instanceof AppError) || !REFUSALS.includes(error.code)) throw error
        const written = (await databaseContents(name)).filter((line) => !before.includes(line))
        return written.length > 0 ? `${error.code}, and ${written.join()} was written` : error.code
      }
      before = await databaseContents(name)
      const { pixels } = await library.load('cifar10', 'train', null)
      return Buffer.compare(pixels, train.pixels) === 0 ? 'imported' : 'imported as something else'
    })
    const unexpected = [...allOutcomes(seen)].filter(
      (outcome) => ![...REFUSALS, 'imported'].includes(outcome),
    )
    expect(seen['none']).toEqual(new Set(['imported']))
    expect(unexpected).toEqual([])
    expect(seen['truncation']).toContain('archive-truncated')
    expect(Object.keys(seen)).toEqual(Object.keys(DAMAGES))
  },
)
