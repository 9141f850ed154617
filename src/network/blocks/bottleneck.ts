import { z } from 'zod'
import { add, conv, defineBlock, norm, relu } from './define-block.ts'

/** arXiv:1512.03385, figure 5. */
export const bottleneck = defineBlock({
  kind: 'bottleneck',
  label: 'Bottleneck',
  note: '1×1 – 3×3 – 1×1 to four times the channels, each with BN, then the addition',
  schema: z.strictObject({ kind: z.literal('bottleneck'), reluAfterAdd: z.boolean() }),
  defaults: { reluAfterAdd: true },
  expansion: 4,
  steps: ({ reluAfterAdd }) => [
    conv('conv1', 1),
    norm('bn1'),
    relu,
    conv('conv2', 3, { strided: true }),
    norm('bn2'),
    relu,
    conv('conv3', 1, { expands: true }),
    norm('bn3'),
    add,
    ...(reluAfterAdd ? [relu] : []),
  ],
})
