import { defineFormat } from './format.ts'

export const tfjsLayers = defineFormat({
  id: 'tfjs',
  label: 'TensorFlow.js',
  note: 'a layers model for inference: tf.loadLayersModel (zip)',
  subject: 'checkpoint',
  extension: 'zip',
  mediaType: 'application/zip',
  write: async ({ state, config }) => (await import('../tfjs-model.ts')).tfjsModelFiles(state, config),
})
