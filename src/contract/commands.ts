// What the page asks of the worker. Every command has one reply; its type follows from the command's kind.
import { z } from 'zod'
import { dataCommands } from './commands/data-commands.ts'
import { deviceCommands } from './commands/device-commands.ts'
import { exportCommands } from './commands/export-commands.ts'
import { inspectCommands } from './commands/inspect-commands.ts'
import { queueCommands } from './commands/queue-commands.ts'
import { runCommands } from './commands/run-commands.ts'
import { sessionCommands } from './commands/session-commands.ts'
import { failureSchema } from './failure.ts'

/** By kind. */
export const COMMANDS = {
  ...deviceCommands,
  ...sessionCommands,
  ...queueCommands,
  ...runCommands,
  ...dataCommands,
  ...exportCommands,
  ...inspectCommands,
}
type Commands = typeof COMMANDS
export type CommandKind = keyof Commands
export type CommandOf<Kind extends CommandKind> = z.infer<Commands[Kind]['request']>
export type Command = { [Kind in CommandKind]: CommandOf<Kind> }[CommandKind]
export type ReplyOf<Kind extends CommandKind> = z.infer<Commands[Kind]['reply']>

const [request, ...others] = Object.values(COMMANDS).map((command) => command.request)
if (!request) throw new Error('there is no command')

/** Page → worker. */
export const requestSchema = z.object({
  id: z.int(),
  command: z.discriminatedUnion('kind', [request, ...others]),
})
/** Worker → page, besides events. */
export const responseSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), id: z.int(), value: z.unknown() }),
  z.object({ kind: z.literal('failed'), id: z.int(), failure: failureSchema }),
])
export type Response = z.infer<typeof responseSchema>
