import type { CommandKind, CommandOf, ReplyOf } from '../../contract/commands.ts'
import type { WorkerServices } from '../worker-services.ts'

/** What carries out each command of these kinds. */
export type Handlers<Kinds extends CommandKind> = {
  readonly [Kind in Kinds]: (
    command: CommandOf<Kind>,
    services: WorkerServices,
  ) => ReplyOf<Kind> | Promise<ReplyOf<Kind>>
}
