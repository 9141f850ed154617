import { defineFormat } from './format.ts'

export const pytorchScript = defineFormat({
  id: 'pytorch',
  label: 'PyTorch script',
  note: 'continues training with torchrun, on one or more GPUs (zip)',
  subject: 'checkpoint',
  extension: 'zip',
  mediaType: 'application/zip',
  isNamed: true,
  write: async (checkpoint) =>
    (await import('../pytorch/pytorch-files.ts')).pytorchFiles(checkpoint, checkpoint.naming),
})
