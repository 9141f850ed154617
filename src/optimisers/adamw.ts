import { adamArguments, adamFields, adamFormula } from './adam.ts'
import { defineOptimiser, weightDecay } from './optimiser.ts'

/** Weight decay shrinks the parameter, apart from the gradient (arXiv:1711.05101). */
export const adamw = defineOptimiser({
  kind: 'adamw',
  label: 'AdamW',
  note: 'Decoupled weight decay',
  source: 'https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html',
  fields: { ...adamFields(), ...weightDecay(0.01) },
  formulas: [adamFormula(true)],
  pytorch: { construct: (config) => `torch.optim.AdamW(${adamArguments(config)})` },
})
