import { shortcutOutput, type ShortcutShape } from '../webgpu/kernels/pool/shortcut.ts'

/** Means of window × window pixels at every stride-th pixel, times the factor, between zero channels. */
export function shortcut(images: Float64Array, shape: ShortcutShape): Float64Array {
  const { height, width, channels } = shortcutOutput(shape)
  const output = new Float64Array(shape.batch * height * width * channels)
  eachPair(shape, (i, o) => {
    output[o] = (output[o] ?? 0) + (shape.factor * (images[i] ?? 0)) / shape.window ** 2
  })
  return output
}

/** @param gradient of the shortcut's output */
export function shortcutGradient(gradient: Float64Array, shape: ShortcutShape): Float64Array {
  const result = new Float64Array(shape.batch * shape.height * shape.width * shape.channels)
  eachPair(shape, (i, o) => {
    result[i] = (shape.factor * (gradient[o] ?? 0)) / shape.window ** 2
  })
  return result
}

/** Visits every input value that the output shows: its index and the output's. */
function eachPair(shape: ShortcutShape, visit: (input: number, output: number) => void): void {
  const { batch, height, width, channels, stride, window, before } = shape
  const output = shortcutOutput(shape)
  for (let pixel = 0; pixel < batch * output.height * output.width; pixel++) {
    const n = Math.floor(pixel / (output.height * output.width))
    const top = (Math.floor(pixel / output.width) % output.height) * stride
    const left = (pixel % output.width) * stride
    for (let tap = 0; tap < window ** 2; tap++) {
      const [y, x] = [top + Math.floor(tap / window), left + (tap % window)]
      for (let c = 0; c < channels; c++) {
        visit(((n * height + y) * width + x) * channels + c, pixel * output.channels + before + c)
      }
    }
  }
}
