import { expect, test } from 'vitest'
import { profileReport } from './profile-report.ts'

const KERNELS = [
  { label: 'relu', milliseconds: 1, flops: 1e6, bytes: 8e6 },
  { label: 'conv2d', milliseconds: 4, flops: 4e9, bytes: 1e6 },
  { label: 'conv2d', milliseconds: 4, flops: 4e9, bytes: 1e6 },
  { label: 'relu', milliseconds: 1, flops: 1e6, bytes: 8e6 },
]

test('the table says the network, its dispatches and the time of all', () => {
  const report = profileReport([
    {
      kind: 'machine',
      adapter: 'a card',
      limits: {},
      features: [],
      batch: 8,
      threads: null,
      crossOriginIsolated: null,
    },
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
