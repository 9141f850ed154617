import { add, conv, defineBlock, norm, relu, reluAfterAdd } from './define-block.ts'

/** arXiv:1512.03385, figure 5. */
export const bottleneck = defineBlock({
  kind: 'bottleneck',
  label: 'Bottleneck',
  note: '1×1 – 3×3 – 1×1 to four times the channels, each with BN, then the addition',
  fields: { reluAfterAdd },
  expansion: 4,
  steps: (config) => [
    conv('conv1', 1),
    norm('bn1'),
    relu,
    conv('conv2', 3, { strided: true }),
    norm('bn2'),
    relu,
    conv('conv3', 1, { expands: true }),
    norm('bn3'),
    add,
    ...(config.reluAfterAdd ? [relu] : []),
  ],
})
