import { add, conv, defineBlock, norm, relu, reluAfterAdd } from './define-block.ts'

export const basic = defineBlock({
  kind: 'basic',
  label: 'Basic',
  note: '3×3 – BN – ReLU – 3×3 – BN, then the addition',
  fields: { reluAfterAdd },
  expansion: 1,
  steps: (config) => [
    conv('conv1', 3, { strided: true }),
    norm('bn1'),
    relu,
    conv('conv2', 3),
    norm('bn2'),
    add,
    ...(config.reluAfterAdd ? [relu] : []),
  ],
})
