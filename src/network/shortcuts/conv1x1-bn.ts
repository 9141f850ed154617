import { defineProjection } from './define-shortcut.ts'

export const conv1x1Bn = defineProjection({
  kind: 'conv1x1-bn',
  label: 'Projection',
  note: '1×1 convolution and batch norm',
  fields: {},
  modules: [{ layer: 'conv', kernel: 1 }, { layer: 'norm' }],
})
