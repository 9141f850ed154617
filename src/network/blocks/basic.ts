import { z } from 'zod'
import { add, conv, defineBlock, norm, relu } from './define-block.ts'

export const basic = defineBlock({
  kind: 'basic',
  label: 'Basic',
  note: '3×3 – BN – ReLU – 3×3 – BN, then the addition',
  schema: z.strictObject({ kind: z.literal('basic'), reluAfterAdd: z.boolean() }),
  defaults: { reluAfterAdd: true },
  expansion: 1,
  steps: ({ reluAfterAdd }) => [
    conv('conv1', 3, { strided: true }),
    norm('bn1'),
    relu,
    conv('conv2', 3),
    norm('bn2'),
    add,
    ...(reluAfterAdd ? [relu] : []),
  ],
})
