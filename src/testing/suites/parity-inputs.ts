// What scripts/parity/measure.py gives a network: its initial values and its batches.
import type { Parameter } from '../../network/graph.ts'
import type { Batch } from '../../engine/engine.ts'
import fixture from '../fixtures/networks.json' with { type: 'json' }
import { byteNoise, noise } from './parity.ts'
import { CLASSES } from './parity-networks.ts'

/** @param salt the parameter's place among all */
export function initialValues({ role, shape }: Parameter, salt: number): Float32Array {
  const values = noise(salt, shape)
  if (role === 'weight') {
    const fan = shape.slice(1).reduce((product, side) => product * side, 1)
    const scale = Math.fround(Math.sqrt(24 / fan))
    return values.map((value) => value * scale)
  }
  return role === 'scale' ? values.map((value) => 1 + 0.5 * value) : values
}

/** The batch that scripts/parity/measure.py makes of this salt. */
export function batchOf(salt: number): Batch {
  const size = fixture.batch
  const draws = byteNoise(salt + 1, 3 * size)
  const positions = 2 * fixture.padding + 1
  const drawn = (which: number) =>
    Uint8Array.from({ length: size }, (_, image) => draws[3 * image + which] ?? 0)
  return {
    size,
    pixels: byteNoise(salt, size * 3072),
    labels: byteNoise(salt + 2, size).map((byte) => byte % CLASSES),
    augmentation: {
      rotation: null,
      padding: fixture.padding,
      left: drawn(0).map((byte) => byte % positions),
      top: drawn(1).map((byte) => byte % positions),
      flip: drawn(2).map((byte) => byte % 2),
    },
  }
}
