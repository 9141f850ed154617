// Loaded before a program: a Node whose WebAssembly knows no relaxed SIMD, so that the CPU engine takes its other module.
// What relaxed SIMD computes is the machine's own.
const { validate } = WebAssembly

/** f32x4.relaxed_madd, as it stands in a module. */
const RELAXED_MADD = [0xfd, 0x85, 0x02]

WebAssembly.validate = (bytes) => {
  const view = ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes)
  const module = Buffer.from(view.buffer, view.byteOffset, view.byteLength)
  return !module.includes(Buffer.from(RELAXED_MADD)) && validate(bytes)
}
