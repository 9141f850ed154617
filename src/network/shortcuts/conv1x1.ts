import { z } from 'zod'
import { defineProjection } from './define-shortcut.ts'

export const conv1x1 = defineProjection({
  kind: 'conv1x1',
  label: '1×1 convolution',
  note: 'Without batch norm',
  schema: z.strictObject({ kind: z.literal('conv1x1') }),
  defaults: {},
  modules: [{ layer: 'conv', kernel: 1 }],
})
