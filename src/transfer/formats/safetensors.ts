import { defineFormat } from './format.ts'

export const safetensors = defineFormat({
  id: 'safetensors',
  label: 'safetensors',
  note: 'weights for PyTorch, and for this page',
  subject: 'checkpoint',
  extension: 'safetensors',
  mediaType: 'application/octet-stream',
  isNamed: true,
  isPrefixable: true,
  write: async ({ epochs, ...checkpoint }) =>
    (await import('../weights-file.ts')).writeWeights({ ...checkpoint, metrics: epochs }),
})
