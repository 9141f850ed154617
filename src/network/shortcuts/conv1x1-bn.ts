import { z } from 'zod'
import { defineProjection } from './define-shortcut.ts'

export const conv1x1Bn = defineProjection({
  kind: 'conv1x1-bn',
  label: 'Projection',
  note: '1×1 convolution and batch norm',
  schema: z.strictObject({ kind: z.literal('conv1x1-bn') }),
  defaults: {},
  modules: [{ layer: 'conv', kernel: 1 }, { layer: 'norm' }],
})
