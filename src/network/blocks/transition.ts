import { add, conv, defineBlock, norm, relu } from './define-block.ts'

export const transition = defineBlock({
  kind: 'transition',
  label: 'Transition, pre-activated',
  note: 'As iavicenna: each stage begins with a transition; the others normalise before convolving, and after the addition',
  fields: {},
  expansion: 1,
  first: [conv('conv1', 3, { strided: true }), norm('bn1'), relu, conv('conv2', 3), add],
  steps: () => [
    norm('bn1'),
    relu,
    conv('conv1', 3, { strided: true }),
    norm('bn2'),
    relu,
    conv('conv2', 3),
    add,
    norm('bn3'),
    relu,
  ],
})
