import { expect, test } from 'vitest'
import type { StoredDataSet, Transfer } from '../../../contract/events.ts'
import { formatTransfer } from './format-transfer.ts'

const half: Transfer = { bytes: 84_200_000, totalBytes: 170_052_171, bytesPerSecond: 5_300_000 }

function read(change: Partial<Transfer>, state: StoredDataSet['state'] = 'downloading') {
  const words = Object.entries(formatTransfer(state, { ...half, ...change }))
  return Object.fromEntries(words.map(([key, text]) => [key, text?.replaceAll('\u202f', ' ') ?? null]))
}

test('a download tells bytes, speed and the time left', () => {
  // (170,052,171 − 84,200,000) ÷ 5,300,000 = 16.2 s
  expect(read({})).toEqual({
    what: 'Downloading',
    done: '84.2 MB of 170.1 MB',
    speed: '5.3 MB/s',
    left: '0:00:16 left',
  })
})

test('without a known size no time is promised', () => {
  expect(read({ totalBytes: null })).toEqual({
    what: 'Downloading',
    done: '84.2 MB',
    speed: '5.3 MB/s',
    left: null,
  })
})

test('a paused download has no speed, whatever it was', () => {
  expect(read({}, 'paused')).toEqual({
    what: 'Paused at',
    done: '84.2 MB of 170.1 MB',
    speed: null,
    left: null,
  })
})

test('a download that stands still promises nothing', () => {
  expect(read({ bytesPerSecond: 0 })).toMatchObject({ speed: null, left: null })
})
