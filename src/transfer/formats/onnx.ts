import { defineFormat } from './format.ts'

export const onnx = defineFormat({
  id: 'onnx',
  label: 'ONNX',
  note: 'the network for ONNX Runtime and others, for inference',
  subject: 'checkpoint',
  extension: 'onnx',
  mediaType: 'application/octet-stream',
  write: async ({ state, config }) => (await import('../onnx.ts')).writeOnnx(state, config),
})
