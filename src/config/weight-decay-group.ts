import type { OptimiserConfig } from '../optimisers/index.ts'
import type { ParameterRole } from '../network/graph.ts'

/** Whether a parameter of this role decays: biases are the linear layers' and batch norm's shift. */
export function doesDecay(role: ParameterRole, decays: OptimiserConfig['decays']): boolean {
  switch (decays) {
    case 'all':
      return true
    case 'all-but-biases':
      return role === 'weight' || role === 'scale'
    case 'weights-only':
      return role === 'weight'
    default:
      return decays satisfies never
  }
}
