import { expect, test } from 'vitest'
import { kernelShares, profileReport } from './profile-report.ts'

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

test('the table says the network, its dispatches and the time of all', () => {
  const report = profileReport([
    { kind: 'machine', adapter: 'a card', limits: {}, features: [], batch: 8 },
    { kind: 'profiled', network: 'resnet-20', kernels: KERNELS },
  ])
  expect(report).toBe(
    [
      'resnet-20, batch 8: 4 dispatches, 10.0 ms in kernels',
      '        count    ms   share  GFLOP/s   GB/s',
      'conv2d      2  8.00  80.0 %    1,000  0.250',
      'relu        2  2.00  20.0 %     1.00   8.00',
    ].join('\n'),
  )
})
