import type { ParameterNaming } from '../../network/parameter-namings.ts'

/** Whose code loads a file of these names. */
export const NAMING_TEXTS: Readonly<
  Record<ParameterNaming, { readonly text: string; readonly note: string }>
> = {
  akamaster: { text: 'akamaster’s', note: 'layer1.0.conv1.weight, as in this lab' },
  iavicenna: { text: 'iavicenna’s', note: 'resLayer1.0.conv1.weight' },
  mbsariyildiz: { text: 'mbsariyildiz’s', note: 'layer0.0.weight, fc.weight' },
  'zhenye-na': { text: 'zhenye-na’s', note: 'conv2_x.0.conv1.weight' },
  drgripa1: { text: 'drgripa1’s', note: 'block1.0.conv1.weight' },
}
