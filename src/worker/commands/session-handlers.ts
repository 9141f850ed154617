import type { sessionCommands } from '../../contract/commands/session-commands.ts'
import type { Handlers } from './handlers.ts'

export const sessionHandlers: Handlers<keyof typeof sessionCommands> = {
  start: (command, { sessions }) => sessions.start(command),
  pause: (command, { sessions }) => sessions.inSession(command.session, (session) => session.pause()),
  resume: (command, { sessions }) => sessions.inSession(command.session, (session) => session.resume()),
  step: (command, { sessions }) => sessions.inSession(command.session, (session) => session.step()),
  stop: (command, { sessions }) => sessions.inSession(command.session, (session) => session.stop()),
  keep: (command, { sessions }) => sessions.keep(command.session),
  extend: (command, { sessions }) => sessions.extend(command),
  'resume-runs': (command, { sessions }) => sessions.resumeRuns(command),
}
