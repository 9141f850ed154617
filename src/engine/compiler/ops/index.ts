// The rules of every op, forward and backward. To add an op is to add one here and its lowering where it has one.
import type { OpNode } from '../../../network/ops/index.ts'
import { batchNorm } from './batch-norm.ts'
import { conv2d } from './conv2d.ts'
import { dense } from './dense.ts'
import { add, dropout2d, relu } from './element-wise.ts'
import type { Backward, Forward, OpRules } from './op-rules.ts'
import { globalAvgPool, maxPool4 } from './pools.ts'
import { RESHAPINGS } from './reshapings.ts'

const OP_RULES: { readonly [Name in OpNode['op']]: OpRules<Name> } = {
  conv2d,
  batchNorm,
  relu,
  add,
  ...RESHAPINGS,
  maxPool4,
  globalAvgPool,
  dropout2d,
  dense,
}

/** Methods of one node's rules, whichever op it has. */
export function rulesOf(node: OpNode): {
  forward(forward: Forward<OpNode>): void
  backward(backward: Backward<OpNode>): void
} {
  return OP_RULES[node.op]
}
