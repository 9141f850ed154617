// The ops that there are. How each is computed is in engine/.
import { add } from './add.ts'
import { avgPool2 } from './avg-pool2.ts'
import { batchNorm } from './batch-norm.ts'
import { conv2d } from './conv2d.ts'
import { type NodeOf, type Op, type WeightlessOp } from './define-op.ts'
import { dense } from './dense.ts'
import { dropout2d } from './dropout2d.ts'
import { globalAvgPool } from './global-avg-pool.ts'
import { maxPool4 } from './max-pool4.ts'
import { padChannels } from './pad-channels.ts'
import { relu } from './relu.ts'
import { scale } from './scale.ts'
import { subsample2 } from './subsample2.ts'

const WEIGHTLESS_OPS = [
  relu,
  add,
  subsample2,
  padChannels,
  scale,
  avgPool2,
  maxPool4,
  globalAvgPool,
  dropout2d,
] as const
const OPS = [conv2d, batchNorm, ...WEIGHTLESS_OPS, dense] as const

export type WeightlessNode = NodeOf<(typeof WEIGHTLESS_OPS)[number]>
export type OpNode = NodeOf<(typeof OPS)[number]>
type AttrsOf<Node> = Node extends { attrs: infer Attrs } ? Attrs : null

/** What the lab knows of a node's op. */
export function opOf(node: WeightlessNode): WeightlessOp<string, AttrsOf<WeightlessNode>, 1 | 2>
export function opOf(node: OpNode): Op<string, AttrsOf<OpNode>, 1 | 2>
export function opOf(node: OpNode): Op<string, AttrsOf<OpNode>, 1 | 2> {
  const found = OPS.find(({ op }) => op === node.op)
  if (!found) throw new Error(`no op is called ${node.op}`)
  return found
}

export function attrsOf(node: WeightlessNode): AttrsOf<WeightlessNode>
export function attrsOf(node: OpNode): AttrsOf<OpNode>
export function attrsOf(node: OpNode): AttrsOf<OpNode> {
  return 'attrs' in node ? node.attrs : null
}
