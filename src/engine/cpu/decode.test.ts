// Stored images → images as a network takes them, to the bit.
import { NORMALISATIONS, randomBatch } from '../../testing/suites/decode-cases.ts'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { nodeCpuHost } from '../../cli/device/node-cpu-host.ts'
import { IMAGE_BYTES } from '../../base/data-set.ts'
import { createGraphBuilder } from '../../network/graph-builder.ts'
import { createProgramBuilder } from '../compiler/program.ts'
import { decodeBatch } from '../decode-batch.ts'
import type { Batch, ImageNormalisation } from '../engine.ts'
import { TORCHVISION_CASES, TORCHVISION_SALT } from '../../testing/fixtures/torchvision-cases.ts'
import { byteNoise } from '../../testing/suites/parity.ts'
import { relativeError } from '../../testing/webgpu/relative-error.ts'
import { noise } from '../../testing/webgpu/test-noise.ts'
import { compileModules } from '../../testing/cpu-engine/compile-modules.ts'
import { type ProgramRun, runProgram } from '../../testing/cpu-engine/run-program.ts'

const MODULES = await compileModules(nodeCpuHost)
const SIDE = { height: 32, width: 32 }

const graphs = createGraphBuilder({ ...SIDE, channels: 3 })
const stem = graphs.conv2d(graphs.input, 'stem', 1, 3, 1)
const GRAPH = graphs.finish(graphs.dense(graphs.globalAvgPool(stem), 'head', 10))

/** @param capacity images that it is lowered for */
async function decoded(
  module: WebAssembly.Module,
  batch: Batch,
  options: NonNullable<ProgramRun['options']>,
  capacity = batch.size,
) {
  const builder = createProgramBuilder()
  const y = builder.images({ ...SIDE, channels: 3 }, 'y')
  const read = builder.images({ ...SIDE, channels: 1 }, 'read')
  const attrs = { weight: 'stem.weight', bias: null, kernel: 3, stride: 1 } as const
  builder.emit({ op: 'decode', reads: {}, writes: { y } })
  builder.emit({ op: 'conv2d', reads: { x: y }, writes: { y: read }, ...attrs })
  const run = { graph: GRAPH, program: builder.finish(), batch: capacity, images: batch.size }
  const result = await runProgram(module, { ...run, outputs: [y], options, upload: batch })
  return { y: result.value(y), beyond: result.beyond(y) }
}

describe.each(NORMALISATIONS)('normalised by $kind', (normalisation) => {
  test.each([
    { name: 'images as they are', size: 3, padding: null, turns: false },
    { name: 'cropped from a padding of 4, some mirrored', size: 5, padding: 4, turns: false },
    { name: 'mirrored only', size: 3, padding: 0, turns: false },
    { name: 'rotated, and cropped from the largest padding', size: 5, padding: 16, turns: true },
  ])('$name: the same bits as the reference', async ({ size, padding, turns }) => {
    const batch = randomBatch(size, padding, turns)
    const expected = decodeBatch(batch, normalisation)
    for (const [, module] of MODULES) {
      expect((await decoded(module, batch, { normalisation })).y).toEqual(expected)
    }
  })

  test('fewer images than fit are decoded, and no others', async () => {
    const batch = randomBatch(3, 4, true)
    for (const [, module] of MODULES) {
      const { y, beyond } = await decoded(module, batch, { normalisation }, 17)
      expect(y).toEqual(decodeBatch(batch, normalisation))
      expect(beyond.every(Number.isNaN)).toBe(true)
    }
  })
})

describe('torchvision’s augmentations, byte for byte', () => {
  const pixels = byteNoise(TORCHVISION_SALT, IMAGE_BYTES)
  const share = 1 / 255
  // Values ÷ 255 ÷ (1/255) are the bytes but for a rounding.
  const normalisation: ImageNormalisation = { kind: 'channels', mean: [0, 0, 0], std: [share, share, share] }

  test.each(TORCHVISION_CASES)('$name', async ({ augmentation, sha256 }) => {
    const batch = { size: 1, pixels, labels: Uint8Array.of(0), augmentation }
    const [[, module] = []] = MODULES
    if (!module) throw new Error('there are modules')
    const { y } = await decoded(module, batch, { normalisation })
    expect(createHash('sha256').update(planar(y)).digest('hex')).toBe(sha256)
  })
})

/** Values of pixels, channels last, as planes of whole bytes. */
function planar(values: Float32Array): Uint8Array {
  const plane = IMAGE_BYTES / 3
  return Uint8Array.from({ length: IMAGE_BYTES }, (_, i) =>
    Math.round(values[3 * (i % plane) + Math.floor(i / plane)] ?? -1),
  )
}

test('whitened images are the float64 products, of fewer images than fit too', async () => {
  const matrix = new Float32Array(IMAGE_BYTES ** 2)
  for (let i = 0; i < matrix.length; i++) matrix[i] = ((i * 7919) % 1013) / 1013 - 0.5
  const mean = Float32Array.from(noise(IMAGE_BYTES, 8))
  const [normalisation] = NORMALISATIONS
  if (!normalisation) throw new Error('there are normalisations')
  const batch = randomBatch(5, 4, true)
  const images = decodeBatch(batch, normalisation)
  const expected = Float64Array.from(images, (_, i) => {
    const first = Math.floor(i / IMAGE_BYTES) * IMAGE_BYTES
    const row = (i % IMAGE_BYTES) * IMAGE_BYTES
    let sum = 0
    for (let k = 0; k < IMAGE_BYTES; k++) {
      sum += (matrix[row + k] ?? Number.NaN) * ((images[first + k] ?? Number.NaN) - (mean[k] ?? Number.NaN))
    }
    return sum
  })
  for (const [, module] of MODULES) {
    const { y, beyond } = await decoded(module, batch, { normalisation, whitening: { matrix, mean } }, 6)
    expect(relativeError(y, expected)).toBeLessThan(1e-5)
    expect(beyond.every(Number.isNaN)).toBe(true)
  }
})
