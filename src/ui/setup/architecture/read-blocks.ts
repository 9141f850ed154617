import { type Parsed, readList } from '../../../base/typed-number.ts'
import { NETWORK_LIMITS, type NetworkConfig } from '../../../network/network-config.ts'

type Stages = NetworkConfig['stages']

/** "3" where every stage has three blocks, else "2, 4, 4, 2". */
export function writeBlocks(stages: Stages): string {
  const blocks = stages.map((stage) => stage.blocks)
  return new Set(blocks).size === 1 ? String(blocks[0]) : blocks.join(', ')
}

/** The stages with as many blocks as a text says: one number for all of them, or one for each. */
export function readBlocks(text: string, stages: Stages): Parsed<Stages> {
  const range = { min: 1, max: NETWORK_LIMITS.blocks, whole: true }
  const forEach = stages.length > 1 ? `, or ${stages.length} of them, one per stage` : ''
  const parsed = readList(
    text,
    range,
    ({ length }) => length === 1 || length === stages.length,
    `Enter a whole number from 1 to ${range.max}${forEach}.`,
  )
  if ('error' in parsed) return parsed
  const counts = parsed.value
  const isForEach = counts.length === stages.length
  return {
    value: stages.map((stage, i) => ({ ...stage, blocks: counts[isForEach ? i : 0] ?? stage.blocks })),
  }
}
