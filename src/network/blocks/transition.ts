import { add, type BlockStep, conv, defineBlock, norm, relu, trackingNorm } from './define-block.ts'

const first: readonly BlockStep[] = [
  conv('conv1', 3, { strided: true }),
  norm('bn1'),
  relu,
  conv('conv2', 3),
  add,
]
const afterConv1: readonly BlockStep[] = [norm('bn2'), relu, conv('conv2', 3), add, norm('bn3'), relu]

/** The author's code normalises a block's input, and then overwrites that by the convolution of the input itself. */
export const transition = defineBlock({
  kind: 'transition',
  label: 'Transition',
  note: 'As iavicenna: each stage begins with a transition; the others are 3×3 – BN – ReLU – 3×3, the addition, BN – ReLU',
  fields: {},
  expansion: 1,
  first,
  steps: () => [trackingNorm('bn1'), conv('conv1', 3, { strided: true }), ...afterConv1],
})

export const preActivatedTransition = defineBlock({
  kind: 'transition-pre-activated',
  label: 'Transition, pre-activated (ours)',
  note: 'As iavicenna evidently meant it: after the transition, BN – ReLU before each 3×3 convolution, and after the addition',
  fields: {},
  expansion: 1,
  first,
  steps: () => [norm('bn1'), relu, conv('conv1', 3, { strided: true }), ...afterConv1],
})
