// Weights as the page and the command line write them, without what else their files tell of the run.

/** The values of every tensor of a safetensors file, in the file's order: what comes after its header. */
export function valuesIn(file: Buffer): Buffer {
  return file.subarray(8 + Number(file.readBigUInt64LE()))
}
