import { z } from 'zod'
import { field } from '../../base/kind-fields.ts'
import type { NodeId } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import { defineResizing } from './define-shortcut.ts'

/** Zero channels all at the end, or half on each side. */
const padding = field(z.enum(['end', 'centre']), {
  name: 'zero padding',
  label: 'Zero padding',
  initial: 'centre',
  control: {
    kind: 'choice',
    options: [
      { id: 'end', text: 'At the end' },
      { id: 'centre', text: 'Both sides' },
    ],
  },
})

type Halving = {
  /** A quarter of the pixels. */
  readonly halve: (builder: GraphBuilder, from: NodeId) => NodeId
  /** The same of `x`, in Python. */
  readonly pytorchHalf: string
}

/** A shortcut of fewer pixels, then zero channels. */
export function definePadding<const Name extends string>({
  kind,
  label,
  note,
  halve,
  pytorchHalf,
}: Halving & { readonly kind: Name; readonly label: string; readonly note: string }) {
  return defineResizing({
    kind,
    label,
    note,
    fields: { padding },
    addsZeroChannels: true,
    everywhere: false,
    build({ builder, from, channels, stride }, config) {
      const pixels = stride === 2 ? halve(builder, from) : from
      const missing = channels - builder.shapeOf(from).channels
      const before = config.padding === 'centre' ? Math.floor(missing / 2) : 0
      return missing === 0 ? pixels : builder.padChannels(pixels, before, missing - before)
    },
    pytorch: (config) => [
      `x = ${pytorchHalf} if stride == 2 else x`,
      'missing = outputs - x.shape[1]',
      `before = ${config.padding === 'centre' ? 'missing // 2' : '0'}`,
      'functional.pad(x, (0, 0, 0, 0, before, missing - before))',
    ],
  })
}
