import { z } from 'zod'
import { numberField } from '../../base/kind-fields.ts'
import { scale } from '../ops/scale.ts'
import { defineResizing } from './define-shortcut.ts'
import { subsamplePad } from './subsample-pad.ts'

/**
 * Constant scaling, λ · x in every block (arXiv:1603.05027, section 3.1 and table 1, with the residual as it is). The paper
 * leaves open what happens where the shape changes: here λ times the shortcut of every second pixel and zero channels.
 */
export const scaled = defineResizing({
  kind: 'scaled',
  label: 'Scaled',
  note: 'λ times the input in every block; stride-2 subsampling, zero-padded channels',
  fields: {
    ...subsamplePad.fields,
    factor: numberField(z.number().gt(0).max(1), {
      name: 'shortcut scale, λ',
      label: 'Shortcut scale, λ',
      initial: 0.5,
      min: 0.01,
      max: 1,
      step: 0.05,
    }),
  },
  addsZeroChannels: true,
  everywhere: true,
  identityText: ({ factor }) => `shortcuts scaled by ${factor}`,
  build(place, { padding, factor }) {
    const resized = subsamplePad.build(place, { kind: 'subsample-pad', padding })
    return place.builder.apply(scale, [resized], { factor })
  },
  pytorch({ padding, factor }) {
    const lines = subsamplePad.pytorch({ kind: 'subsample-pad', padding })
    return [...lines.slice(0, -1), `${factor} * ${lines.at(-1)}`]
  },
})
