import { AppError } from '../base/app-error.ts'
import type { CommandOf, ReplyOf } from '../contract/commands.ts'
import { buildGraph } from '../network/build-graph.ts'
import type { RunSnapshot } from '../training/participant.ts'

const MOST_BYTES = 1_000_000

/** A run's parameters of some roles, in the order of its network. @throws AppError `weights-too-large` */
export function selectParameters(
  { config, state }: Pick<RunSnapshot, 'config' | 'state'>,
  roles: CommandOf<'read-parameters'>['roles'],
): ReplyOf<'read-parameters'> {
  const parameters = buildGraph(config).parameters.flatMap(({ name, role: any, shape }) => {
    const role = roles.find((wanted) => wanted === any)
    const values = state.parameters[name]
    return role && values ? [{ name, role, shape: [...shape], values: Float32Array.from(values) }] : []
  })
  const bytes = parameters.reduce((sum, { values }) => sum + values.byteLength, 0)
  if (bytes > MOST_BYTES) {
    throw new AppError(
      'weights-too-large',
      `The batch norms of this network take ${megabytes(bytes)} MB, and ${megabytes(MOST_BYTES)} MB can be shown; export the run’s weights instead.`,
    )
  }
  return { config, steps: state.steps, parameters }
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1)
