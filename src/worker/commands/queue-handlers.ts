import type { queueCommands } from '../../contract/commands/queue-commands.ts'
import { enginesOf } from '../../contract/run-record.ts'
import { lastEngine } from '../../contract/trained-engines.ts'
import { queueOf } from '../../runs/queue-order.ts'
import type { Handlers } from './handlers.ts'

export const queueHandlers: Handlers<keyof typeof queueCommands> = {
  async 'queue-add'(command, { queue }) {
    await queue.add(command)
    return null
  },
  async 'queue-move'(command, { queue }) {
    await queue.move(command)
    return null
  },
  async 'queue-cancel'(command, { queue }) {
    await queue.cancel(command)
    return null
  },
  async 'queue-hold'(_command, { queue }) {
    await queue.hold()
    return null
  },
  /** Of the sessions that wait, the first may have begun before the page was loaded. @throws AppError `engine-changed` */
  async 'queue-go'({ mayChangeEngine }, { queue, runs, sessions }) {
    const [next] = mayChangeEngine || sessions.isBusy() ? [] : queueOf(await runs.entries())
    for (const entry of next?.runs ?? []) await sessions.assertSameEngine(lastEngine(enginesOf(entry)))
    await queue.go()
    return null
  },
}
