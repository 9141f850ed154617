// The slow, obvious convolution that the fast ones are measured against: float64, one loop an index.
import { elements } from '../../network/network-facts.ts'

/** [batch, height, width, channels] */
export type Size = readonly [number, number, number, number]

export type ConvolutionCase = {
  readonly x: Size
  readonly kernel: 1 | 3
  readonly out: number
  readonly stride: 1 | 2
}

/** Visits every product of a convolution: the flat indices of its input, filter [k, k, in, out] and output values. */
function eachProduct(
  { x: [batch, height, width, channels], kernel, out, stride }: ConvolutionCase,
  visit: (inX: number, inFilter: number, inOutput: number) => void,
): void {
  const padding = (kernel - 1) / 2
  const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)]
  const each = (end: number, body: (i: number) => void) => Array.from({ length: end }, (_, i) => body(i))
  each(batch, (image) =>
    each(rows, (row) =>
      each(columns, (column) =>
        each(kernel, (ky) =>
          each(kernel, (kx) => {
            const y = row * stride + ky - padding
            const at = column * stride + kx - padding
            if (y < 0 || y >= height || at < 0 || at >= width) return
            each(channels, (from) =>
              each(out, (to) =>
                visit(
                  ((image * height + y) * width + at) * channels + from,
                  ((ky * kernel + kx) * channels + from) * out + to,
                  ((image * rows + row) * columns + column) * out + to,
                ),
              ),
            )
          }),
        ),
      ),
    ),
  )
}

export function outputSize({ x: [batch, height, width], out, stride }: ConvolutionCase): Size {
  return [batch, Math.ceil(height / stride), Math.ceil(width / stride), out]
}

export function filterSize({ x: [, , , channels], kernel, out }: ConvolutionCase): Size {
  return [kernel, kernel, channels, out]
}

export function referenceForward(size: ConvolutionCase, x: Float32Array, filter: Float32Array): Float64Array {
  const y = new Float64Array(elements(outputSize(size)))
  eachProduct(size, (inX, inFilter, inOutput) => {
    y[inOutput] = (y[inOutput] ?? 0) + (x[inX] ?? 0) * (filter[inFilter] ?? 0)
  })
  return y
}

export function referenceGradients(
  size: ConvolutionCase,
  x: Float32Array,
  filter: Float32Array,
  dy: Float32Array,
): { dx: Float64Array; dFilter: Float64Array } {
  const dx = new Float64Array(x.length)
  const dFilter = new Float64Array(filter.length)
  eachProduct(size, (inX, inFilter, inOutput) => {
    dx[inX] = (dx[inX] ?? 0) + (filter[inFilter] ?? 0) * (dy[inOutput] ?? 0)
    dFilter[inFilter] = (dFilter[inFilter] ?? 0) + (x[inX] ?? 0) * (dy[inOutput] ?? 0)
  })
  return { dx, dFilter }
}
