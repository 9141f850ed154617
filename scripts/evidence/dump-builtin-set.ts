// Writes the built-in set as train.bin and test.bin, in CIFAR-10's record format: a label byte, then 3,072 pixel bytes.
//   npx tsx scripts/evidence/dump-builtin-set.ts DIR
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { IMAGE_BYTES } from '../../src/base/data-set.ts'
import { generateBuiltinSet } from '../../src/data/builtin-set.ts'
import type { ImageSet } from '../../src/data/image-set.ts'

const RECORD_BYTES = 1 + IMAGE_BYTES

function toRecords({ count, labels, pixels }: ImageSet): Uint8Array {
  const records = new Uint8Array(count * RECORD_BYTES)
  for (let i = 0; i < count; i++) {
    records.set(labels.subarray(i, i + 1), i * RECORD_BYTES)
    records.set(pixels.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES), i * RECORD_BYTES + 1)
  }
  return records
}

const directory = process.argv[2]
if (!directory) {
  console.error('Usage: npx tsx scripts/evidence/dump-builtin-set.ts DIR')
  process.exit(2)
}
mkdirSync(directory, { recursive: true })
const { train, test } = generateBuiltinSet()
writeFileSync(join(directory, 'train.bin'), toRecords(train))
writeFileSync(join(directory, 'test.bin'), toRecords(test))
