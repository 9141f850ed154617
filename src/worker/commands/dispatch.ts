import type { CommandKind, CommandOf, ReplyOf } from '../../contract/commands.ts'
import type { WorkerServices } from '../worker-services.ts'
import { dataHandlers } from './data-handlers.ts'
import { deviceHandlers } from './device-handlers.ts'
import { exportHandlers } from './export-handlers.ts'
import type { Handlers } from './handlers.ts'
import { inspectHandlers } from './inspect-handlers.ts'
import { queueHandlers } from './queue-handlers.ts'
import { runHandlers } from './run-handlers.ts'
import { sessionHandlers } from './session-handlers.ts'

const HANDLERS: Handlers<CommandKind> = {
  ...deviceHandlers,
  ...sessionHandlers,
  ...queueHandlers,
  ...runHandlers,
  ...dataHandlers,
  ...exportHandlers,
  ...inspectHandlers,
}

/** So written, the compiler can follow a kind to its handler. */
type Correlated<Kind extends CommandKind> = { [K in Kind]: CommandOf<K> & { readonly kind: K } }[Kind]

/** Carries out a command. */
export async function dispatch<Kind extends CommandKind>(
  command: Correlated<Kind> & { readonly kind: Kind },
  services: WorkerServices,
): Promise<ReplyOf<Kind>> {
  return HANDLERS[command.kind](command, services)
}
