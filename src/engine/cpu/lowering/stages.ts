// Which stage each operation of a program belongs to. Everything that a chunk of images can do by itself stays in one stage;
// a new one begins where an operation needs what all images have made: a batch norm's statistics, or its gradient's sums.
import type { Operation, Program, ValueId } from '../../compiler/program.ts'

/** Of what is made ready before the first operation: the images that are whitened, weights that are transposed. */
const STAGES_BEFORE = 2

/** The stage of each operation. */
export function stagesOf({ operations }: Program): Map<Operation, number> {
  const stages = new Map<Operation, number>()
  const mergedIn = new Map<ValueId, number>()
  let stage = STAGES_BEFORE
  for (const operation of operations) {
    const awaited = awaits(operation)
    if (awaited !== null) stage = Math.max(stage, (mergedIn.get(awaited) ?? 0) + 1)
    if (operation.op === 'batchNormStatistics') mergedIn.set(operation.writes.moments, stage)
    if (operation.op === 'batchNormReduce') mergedIn.set(operation.writes.sums, stage)
    stages.set(operation, stage)
  }
  return stages
}

/** The value that all images make before the operation may begin. */
function awaits(operation: Operation): ValueId | null {
  switch (operation.op) {
    case 'batchNormApply':
      return operation.reads.moments
    case 'batchNormInputGradient':
      return operation.reads.sums
    default:
      return null
  }
}
