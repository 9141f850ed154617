import { defineFormat } from './format.ts'

export const npz = defineFormat({
  id: 'npz',
  label: 'NumPy',
  note: 'weights as .npz',
  subject: 'checkpoint',
  extension: 'npz',
  mediaType: 'application/octet-stream',
  isNamed: true,
  isPrefixable: true,
  write: async (checkpoint) => {
    const [{ writeNpz }, { namedTensors }] = await Promise.all([
      import('../npz.ts'),
      import('../weights-file.ts'),
    ])
    return writeNpz(namedTensors(checkpoint))
  },
})
