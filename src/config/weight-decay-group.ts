import type { OptimiserConfig } from '../optimisers/index.ts'
import type { Graph, Parameter, ParameterRole } from '../network/graph.ts'
import { unusedTensors } from '../network/network-facts.ts'

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

/** The parameters that decay: of the group, those with a gradient. PyTorch's optimisers pass over all others. */
export function decayingParameters(graph: Graph, decays: OptimiserConfig['decays']): Parameter[] {
  const unused = unusedTensors(graph)
  return graph.parameters.filter(({ name, role }) => !unused.has(name) && doesDecay(role, decays))
}
