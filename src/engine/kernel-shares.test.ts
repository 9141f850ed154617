import { expect, test } from 'vitest'
import { kernelShares } from './kernel-shares.ts'

const KERNELS = [
  { label: 'relu', milliseconds: 1, flops: 1e6, bytes: 8e6 },
  { label: 'conv2d', milliseconds: 4, flops: 4e9, bytes: 1e6 },
  { label: 'conv2d', milliseconds: 4, flops: 4e9, bytes: 1e6 },
  { label: 'relu', milliseconds: 1, flops: 1e6, bytes: 8e6 },
]

test('kernels of one label are one row, and the costliest comes first', () => {
  expect(kernelShares(KERNELS)).toEqual([
    {
      label: 'conv2d',
      count: 2,
      milliseconds: 8,
      gigaflopsPerSecond: 1000,
      gigabytesPerSecond: 0.25,
      share: 0.8,
    },
    { label: 'relu', count: 2, milliseconds: 2, gigaflopsPerSecond: 1, gigabytesPerSecond: 8, share: 0.2 },
  ])
})

test('kernels that took no measurable time have no rate', () => {
  const [only] = kernelShares([{ label: 'relu', milliseconds: 0, flops: 1, bytes: 1 }])
  expect(only).toMatchObject({ gigaflopsPerSecond: 0, gigabytesPerSecond: 0, share: 0 })
})
