// The lab without a browser: the same network, data, training and transfer code, on Dawn in Node.
import { runCommand } from './run-command.ts'
import { openTerminal } from './terminal.ts'

process.exitCode = await runCommand(process.argv.slice(2), openTerminal())
