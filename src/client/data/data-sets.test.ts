import { describe, expect, test } from 'vitest'
import { absentDataSet, type DataSetStatus } from '../../contract/events.ts'
import { applyDataSet, NO_DATA_SETS } from './data-sets.ts'

const downloading: DataSetStatus = {
  ...absentDataSet('cifar10'),
  state: 'downloading',
  bytes: 12,
  totalBytes: 170,
  bytesPerSecond: 4,
}

describe('a data set’s status', () => {
  const { dataSets, transfers } = applyDataSet(NO_DATA_SETS, downloading)

  test('replaces its own and no other', () => {
    expect({ ...dataSets.cifar10, ...transfers.cifar10 }).toEqual(downloading)
    expect(dataSets.builtin).toBe(NO_DATA_SETS.dataSets.builtin)
    expect(transfers.builtin).toBe(NO_DATA_SETS.transfers.builtin)
  })

  test('that tells of more bytes only leaves the places as they are', () => {
    const later = applyDataSet({ dataSets, transfers }, { ...downloading, bytes: 13, bytesPerSecond: 5 })
    expect(later.dataSets).toBe(dataSets)
    expect(later.transfers.cifar10).toEqual({ bytes: 13, totalBytes: 170, bytesPerSecond: 5 })
  })

  test.each<[string, Partial<DataSetStatus>]>([
    ['state', { state: 'unpacking' }],
    ['count of images', { images: { train: 50_000, test: 10_000 } }],
    ['class names', { classNames: ['airplane'] }],
    ['failure', { failure: { code: 'storage-full', message: 'full', details: null } }],
  ])('with another %s is another place', (_, change) => {
    expect(applyDataSet({ dataSets, transfers }, { ...downloading, ...change }).dataSets).not.toBe(dataSets)
  })
})
