import type { ShortcutShape } from '../kernels/shortcut.ts'
import { outputSide } from '../kernels/conv-shape.ts'

/** x[::stride, ::stride] between zero channels. */
export function shortcut(images: Float64Array, shape: ShortcutShape): Float64Array {
  const output = new Float64Array(outputPixels(shape) * (shape.before + shape.channels + shape.after))
  eachPair(shape, (i, o) => {
    output[o] = images[i] ?? 0
  })
  return output
}

/** @param gradient of the shortcut's output */
export function shortcutGradient(gradient: Float64Array, shape: ShortcutShape): Float64Array {
  const result = new Float64Array(shape.batch * shape.height * shape.width * shape.channels)
  eachPair(shape, (i, o) => {
    result[i] = gradient[o] ?? 0
  })
  return result
}

function outputPixels({ batch, height, width, stride }: ShortcutShape): number {
  return batch * outputSide(height, stride) * outputSide(width, stride)
}

/** Visits every input value that the output shows: its index and the output's. */
function eachPair(shape: ShortcutShape, visit: (input: number, output: number) => void): void {
  const { height, width, channels, stride, before, after } = shape
  const outHeight = outputSide(height, stride)
  const outWidth = outputSide(width, stride)
  for (let pixel = 0; pixel < outputPixels(shape); pixel++) {
    const n = Math.floor(pixel / (outHeight * outWidth))
    const y = (Math.floor(pixel / outWidth) % outHeight) * stride
    const x = (pixel % outWidth) * stride
    for (let c = 0; c < channels; c++) {
      visit(((n * height + y) * width + x) * channels + c, pixel * (before + channels + after) + before + c)
    }
  }
}
