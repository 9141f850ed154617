// Cyclic redundancy checks of 32 bits, least significant bit first, all ones before and inverted after.

/** PNG's and zlib's (ISO 3309). */
export const crc32 = createCrc(0xedb88320)
/** Castagnoli's, of iSCSI (RFC 3720, appendix B.4) and of TensorFlow's records. */
export const crc32c = createCrc(0x82f63b78)

type Crc = (bytes: Uint8Array) => number

function createCrc(polynomial: number): Crc {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? polynomial : 0)
    return remainder
  })
  return (bytes) => {
    let crc = 0xffffffff
    for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0)
    return ~crc >>> 0
  }
}
