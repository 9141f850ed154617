import { NORMALISATIONS, randomBatch } from '../../../../testing/suites/decode-cases.ts'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { useTestDevice } from '../../../../testing/node/test-device.ts'
import { IMAGE_BYTES } from '../../../../base/data-set.ts'
import { decodeBatch } from '../../../decode-batch.ts'
import { TORCHVISION_CASES, TORCHVISION_SALT } from '../../../../testing/fixtures/torchvision-cases.ts'
import { byteNoise } from '../../../../testing/suites/parity.ts'
import { packChannels } from '../../memory/layout.ts'
import { imageRotations, encodeImageWords, normalisationTable } from '../../../image-upload.ts'
import { decode, imageMeans } from './decode.ts'
import { runKernels } from '../../device/run-kernel.ts'

const device = useTestDevice()

const BATCHES = [
  { name: 'images as they are', size: 3, padding: null, turns: false },
  { name: 'cropped from a padding of 4, some mirrored', size: 17, padding: 4, turns: false },
  { name: 'mirrored only', size: 3, padding: 0, turns: false },
  { name: 'rotated, and cropped from the largest padding', size: 5, padding: 16, turns: true },
]

describe.each(NORMALISATIONS)('normalised by $kind', (normalisation) => {
  test.each(BATCHES)('$name: the same bits as the reference', async ({ size, padding, turns }) => {
    const batch = randomBatch(size, padding, turns)
    const expected = packChannels(decodeBatch(batch, normalisation), 3)
    const centres = normalisation.kind === 'image-mean' ? [imageMeans(size)] : []
    const { destination } = await runKernels(
      device(),
      [...centres, decode(size, normalisation)],
      {
        pixels: Uint8Array.from(batch.pixels),
        images: encodeImageWords(batch),
        rotations: imageRotations(batch),
        normalised: normalisationTable(normalisation),
        means: 4 * size,
        destination: expected.byteLength,
      },
      { images: size, cropPadding: padding ?? 0 },
    )
    expect(destination).toEqual(expected)
  })
})

test('for whitening the same values lie without gaps', async () => {
  const batch = randomBatch(3, 4, true)
  const normalisation = { kind: 'image-mean' } as const
  const expected = decodeBatch(batch, normalisation)
  const { destination } = await runKernels(
    device(),
    [imageMeans(3), decode(3, normalisation, 'values')],
    {
      pixels: Uint8Array.from(batch.pixels),
      images: encodeImageWords(batch),
      rotations: imageRotations(batch),
      normalised: normalisationTable(normalisation),
      means: 12,
      destination: expected.byteLength,
    },
    { images: 3, cropPadding: 4 },
  )
  expect(destination).toEqual(expected)
})

describe('torchvision’s augmentations, byte for byte', () => {
  const pixels = byteNoise(TORCHVISION_SALT, IMAGE_BYTES)
  const share = 1 / 255
  // Values ÷ 255 ÷ (1/255) are the bytes but for a rounding.
  const table = normalisationTable({ kind: 'channels', mean: [0, 0, 0], std: [share, share, share] })

  test.each(TORCHVISION_CASES)('$name', async ({ augmentation, sha256 }) => {
    const batch = { size: 1, pixels, labels: Uint8Array.of(0), augmentation }
    const { destination } = await runKernels(
      device(),
      [decode(1, { kind: 'channels' }, 'values')],
      {
        pixels: Uint8Array.from(pixels),
        images: encodeImageWords(batch),
        rotations: imageRotations(batch),
        normalised: table,
        destination: 4 * IMAGE_BYTES,
      },
      { images: 1, cropPadding: augmentation.padding },
    )
    expect(createHash('sha256').update(planar(destination)).digest('hex')).toBe(sha256)
  })
})

/** Values of pixels, channels last, as planes of whole bytes. */
function planar(values: ArrayLike<number> | undefined): Uint8Array {
  const plane = IMAGE_BYTES / 3
  return Uint8Array.from({ length: IMAGE_BYTES }, (_, i) =>
    Math.round(values?.[3 * (i % plane) + Math.floor(i / plane)] ?? -1),
  )
}
