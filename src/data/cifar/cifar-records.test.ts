import { createReadStream, existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { coarseClasses } from '../../base/coarse-classes.ts'
import { IMAGE_BYTES } from '../../base/data-set.ts'
import { CIFAR_10, CIFAR_100, type CifarMember, recordBytes } from './cifar-format.ts'
import { readMember, readSplit } from './cifar-records.ts'
import { collect, concatenate, createTinySet, piecesOf, type TinySet } from '../../testing/data/tiny-set.ts'

function memberOf(set: TinySet, name: string): { member: CifarMember; bytes: Uint8Array<ArrayBuffer> } {
  const member = set.format.members.find((candidate) => candidate.name === name)
  const bytes = set.files.get(name)
  if (!member || !bytes) throw new Error(`no ${name}`)
  return { member, bytes: bytes.slice() }
}

const read = (set: TinySet, member: CifarMember, bytes: Uint8Array<ArrayBuffer>, pieceBytes?: number) =>
  collect(readMember(set.format, member, piecesOf(bytes, pieceBytes)))

test.each([1, 997, 3_073, 100_000])('records are read across pieces of %i bytes', async (pieceBytes) => {
  const set = await createTinySet('cifar10')
  const { member, bytes } = memberOf(set, 'data_batch_2.bin')
  const chunks: { labels: Uint8Array; pixels: Uint8Array }[] = []
  for await (const { labels, pixels } of readMember(set.format, member, piecesOf(bytes, pieceBytes), 3)) {
    chunks.push({ labels: labels.slice(), pixels: pixels.slice() })
  }
  expect(chunks.map(({ labels }) => labels.length)).toEqual([3, 3, 1])
  for (let image = 0; image < 7; image++) {
    const record = bytes.subarray(image * 3_073, (image + 1) * 3_073)
    expect(concatenate(chunks.map(({ labels }) => labels))[image]).toBe(record[0])
    const pixels = concatenate(chunks.map((chunk) => chunk.pixels))
    expect(pixels.subarray(image * IMAGE_BYTES, (image + 1) * IMAGE_BYTES)).toEqual(record.subarray(1))
  }
})

test('a chunk owns buffers of just its size, so that storing it stores nothing else', async () => {
  const set = await createTinySet()
  const { member, bytes } = memberOf(set, 'test_batch.bin')
  const [chunk] = await read(set, member, bytes)
  expect(chunk?.pixels.buffer.byteLength).toBe(7 * IMAGE_BYTES)
})

test('CIFAR-100 records give the coarse label, then the fine one', async () => {
  const set = await createTinySet('cifar100')
  const { member, bytes } = memberOf(set, 'train.bin')
  const [chunk] = await read(set, member, bytes)
  const at = (offset: number) => Array.from({ length: 7 }, (_, image) => bytes[image * 3_074 + offset])
  expect([...(chunk?.coarseLabels ?? [])]).toEqual(at(0))
  expect([...(chunk?.labels ?? [])]).toEqual(at(1))
  expect(chunk?.pixels.subarray(0, IMAGE_BYTES)).toEqual(bytes.subarray(2, 3_074))
})

test('the label 10 is refused, with the file, the image and what was expected', async () => {
  const set = await createTinySet()
  const { member, bytes } = memberOf(set, 'data_batch_3.bin')
  bytes[4 * 3_073] = 10
  await expect(read(set, member, bytes)).rejects.toMatchObject({
    code: 'label-out-of-range',
    message: expect.stringMatching(
      /^data_batch_3\.bin: image 5 has the label 10, but those of CIFAR-10 are 0 to 9;/,
    ),
  })
})

test.each([
  ['coarse label', 0, 20],
  ['label', 1, 100],
])('a CIFAR-100 %s out of range is refused', async (kind, offset, label) => {
  const set = await createTinySet('cifar100')
  const { member, bytes } = memberOf(set, 'test.bin')
  bytes[offset] = label
  await expect(read(set, member, bytes)).rejects.toMatchObject({
    code: 'label-out-of-range',
    message: expect.stringContaining(`image 1 has the ${kind} ${label}`),
  })
})

test.each([0, 1, 3_073, 10_000, 7 * 3_073 - 1])(
  'a file that ends after %i bytes is truncated',
  async (length) => {
    const set = await createTinySet()
    const { member, bytes } = memberOf(set, 'data_batch_1.bin')
    await expect(read(set, member, bytes.slice(0, length))).rejects.toMatchObject({
      code: 'archive-truncated',
      message: expect.stringMatching(
        new RegExp(
          `^data_batch_1\\.bin ends after ${Math.floor(length / 3_073)} of 7 images .* of 21,511 bytes`,
        ),
      ),
    })
  },
)

test.each([
  ['another pixel', (bytes: Uint8Array<ArrayBuffer>) => bytes.with(5_000, (bytes[5_000] ?? 0) ^ 1)],
  ['a byte too many', (bytes: Uint8Array<ArrayBuffer>) => concatenate([bytes, new Uint8Array(1)])],
])('a file with %s is not the published one', async (_, damage) => {
  const set = await createTinySet()
  const { member, bytes } = memberOf(set, 'test_batch.bin')
  await expect(read(set, member, damage(bytes))).rejects.toMatchObject({
    code: 'archive-digest',
    message: expect.stringContaining('test_batch.bin'),
  })
})

test('a split is its files in the order of the format, or the first images of it', async () => {
  const set = await createTinySet()
  const opened: string[] = []
  const open = (name: string) => {
    opened.push(name)
    return piecesOf(memberOf(set, name).bytes)
  }
  const all = await readSplit(set.format, 'train', open, null)
  const firstLabels = [1, 2, 3, 4, 5].map((batch) => memberOf(set, `data_batch_${batch}.bin`).bytes[0])
  expect([0, 7, 14, 21, 28].map((image) => all.labels[image])).toEqual(firstLabels)
  expect(all.count).toBe(35)

  opened.length = 0
  const some = await readSplit(set.format, 'train', open, 9)
  expect(opened).toEqual(['data_batch_1.bin', 'data_batch_2.bin'])
  expect(some.labels).toEqual(all.labels.slice(0, 9))
  expect(some.pixels).toEqual(all.pixels.slice(0, 9 * IMAGE_BYTES))
})

const folder = process.env['CIFAR10_DIR']
describe.skipIf(!folder || !existsSync(folder))(
  'the real files (skipped unless CIFAR10_DIR names their folder)',
  () => {
    test('CIFAR-10 has the published digests, 1,000 test images a class, and the known channel means', async () => {
      const open = (name: string) => createReadStream(join(folder ?? '', name))
      const images = await readSplit(CIFAR_10, 'test', open, null)
      const perClass = CIFAR_10.classNames.map(
        (_, label) => images.labels.filter((found) => found === label).length,
      )
      expect(perClass).toEqual(Array(10).fill(1_000))

      const train = await readSplit(CIFAR_10, 'train', open, null)
      const sums = [0, 0, 0]
      for (let at = 0; at < train.pixels.length; at++) {
        const channel = Math.floor(at / 1_024) % 3
        sums[channel] = (sums[channel] ?? 0) + (train.pixels[at] ?? 0)
      }
      const means = sums.map((sum) => sum / (train.count * 1_024 * 255))
      expect(means.map((mean) => Number(mean.toFixed(4)))).toEqual([0.4914, 0.4822, 0.4465])
      expect(recordBytes(CIFAR_10)).toBe(3_073)
    })
  },
)

const folder100 = process.env['CIFAR100_DIR']
describe.skipIf(!folder100 || !existsSync(folder100))(
  'the real files of CIFAR-100 (skipped unless CIFAR100_DIR names their folder)',
  () => {
    const path = (name: string) => join(folder100 ?? '', name)

    test('name the fine and coarse classes as we do, in the same order', async () => {
      const names = async (file: string) =>
        (await readFile(path(file), 'utf8')).trim().replaceAll('_', ' ').split('\n')
      expect(CIFAR_100.classNames).toEqual(await names('fine_label_names.txt'))
      expect(CIFAR_100.coarseNames).toEqual(await names('coarse_label_names.txt'))
    })

    test.each([
      ['train', 500],
      ['test', 100],
    ] as const)(
      'have the published digest; of %s, each fine class has %i images, all of the coarse class that we say',
      async (split, images) => {
        const perFine = Array<number>(100).fill(0)
        const coarseOf = Array.from({ length: 100 }, () => new Set<number>())
        for (const member of CIFAR_100.members) {
          if (member.split !== split) continue
          const chunks = readMember(CIFAR_100, member, createReadStream(path(member.name)))
          for await (const { labels, coarseLabels } of chunks) {
            for (const [i, fine] of labels.entries()) {
              perFine[fine] = (perFine[fine] ?? 0) + 1
              coarseOf[fine]?.add(coarseLabels?.[i] ?? -1)
            }
          }
        }
        expect(perFine).toEqual(Array(100).fill(images))
        const ours = coarseClasses('cifar100') ?? []
        expect(ours.map((fine) => fine.length)).toEqual(Array(20).fill(5))
        expect(coarseOf.map((found) => [...found])).toEqual(
          coarseOf.map((_, fine) => [ours.findIndex((labels) => labels.includes(fine))]),
        )
      },
    )
  },
)
