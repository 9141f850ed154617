import { NETWORK_LIMITS, type NetworkConfig } from '../../../network/network-config.ts'
import { readNumber } from '../../foundation/controls/read-number.ts'
import type { Parsed } from '../../foundation/controls/text-field.tsx'

type Stages = NetworkConfig['stages']

/** "3" where every stage has three blocks, else "2, 4, 4, 2". */
export function writeBlocks(stages: Stages): string {
  const blocks = stages.map((stage) => stage.blocks)
  return new Set(blocks).size === 1 ? String(blocks[0]) : blocks.join(', ')
}

/** The stages with as many blocks as a text says: one number for all of them, or one for each. */
export function readBlocks(text: string, stages: Stages): Parsed<Stages> {
  const range = { min: 1, max: NETWORK_LIMITS.blocks, whole: true }
  const counts = text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .flatMap((part) => {
      const parsed = readNumber(part, range)
      return 'value' in parsed ? [parsed.value] : [Number.NaN]
    })
  const isForEach = counts.length === stages.length
  if (counts.some(Number.isNaN) || (counts.length !== 1 && !isForEach)) {
    const forEach = stages.length > 1 ? `, or ${stages.length} of them, one per stage` : ''
    return { error: `Enter a whole number from 1 to ${range.max}${forEach}.` }
  }
  return {
    value: stages.map((stage, i) => ({ ...stage, blocks: counts[isForEach ? i : 0] ?? stage.blocks })),
  }
}
