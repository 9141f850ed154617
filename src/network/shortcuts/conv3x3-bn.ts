import { defineProjection } from './define-shortcut.ts'

export const conv3x3Bn = defineProjection({
  kind: 'conv3x3-bn',
  label: '3×3 projection',
  note: '3×3 convolution and batch norm',
  fields: {},
  modules: [{ layer: 'conv', kernel: 3 }, { layer: 'norm' }],
})
