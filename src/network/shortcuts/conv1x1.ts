import { defineProjection } from './define-shortcut.ts'

export const conv1x1 = defineProjection({
  kind: 'conv1x1',
  label: '1×1 convolution',
  note: 'Without batch norm',
  fields: {},
  modules: [{ layer: 'conv', kernel: 1 }],
})
