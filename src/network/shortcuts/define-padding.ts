import { z } from 'zod'
import type { NodeId } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import { defineResizing } from './define-shortcut.ts'

/** Zero channels all at the end, or half on each side. */
const paddingSchema = z.enum(['end', 'centre'])

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
    schema: z.strictObject({ kind: z.literal(kind), padding: paddingSchema }),
    defaults: { padding: 'centre' },
    addsZeroChannels: true,
    everywhere: false,
    build({ builder, from, channels, stride }, { padding }) {
      const pixels = stride === 2 ? halve(builder, from) : from
      const missing = channels - builder.shapeOf(from).channels
      const before = padding === 'centre' ? Math.floor(missing / 2) : 0
      return missing === 0 ? pixels : builder.padChannels(pixels, before, missing - before)
    },
    pytorch: ({ padding }) => [
      `x = ${pytorchHalf} if stride == 2 else x`,
      'missing = outputs - x.shape[1]',
      `before = ${padding === 'centre' ? 'missing // 2' : '0'}`,
      'functional.pad(x, (0, 0, 0, 0, before, missing - before))',
    ],
  })
}
