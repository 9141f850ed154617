import { describe, expect, test } from 'vitest'
import { crc32, crc32c } from './crc32.ts'

const ascii = (text: string) => new TextEncoder().encode(text)

describe('CRC-32C gives the values of RFC 3720, appendix B.4', () => {
  const counting = Uint8Array.from({ length: 32 }, (_, i) => i)
  test.each<[string, Uint8Array, number]>([
    ['32 bytes of zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['32 bytes that count up', counting, 0x46dd794e],
    ['32 bytes that count down', counting.toReversed(), 0x113fdb5c],
  ])('%s', (_, bytes, wanted) => {
    expect(crc32c(bytes)).toBe(wanted)
  })
})

test('both give the check value of their kind for "123456789", and 0 for nothing', () => {
  expect(crc32(ascii('123456789'))).toBe(0xcbf43926)
  expect(crc32c(ascii('123456789'))).toBe(0xe3069283)
  expect([crc32(ascii('')), crc32c(ascii(''))]).toEqual([0, 0])
})
