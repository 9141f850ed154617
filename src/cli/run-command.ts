// The command line as a function of its words: tests call it where a process of its own would show nothing more.
import { AppError } from '../base/app-error.ts'
import { evaluate } from './commands/evaluate.ts'
import { exportWeights } from './commands/export-weights.ts'
import { features } from './commands/features.ts'
import { isVerb, parseOptions, type Values, type Verb } from './options/options.ts'
import { presets } from './commands/presets.ts'
import { summary } from './commands/summary.ts'
import { train } from './commands/train.ts'
import { USAGE, usageOf, UsageError } from './options/usage.ts'
import { BROKEN_PIPE, OutputClosed, type Signals, type Terminal } from './terminal.ts'

type Answer = { readonly text: string; readonly json: unknown; readonly exitCode?: number }

/** Carries out a verb; prints for people on stderr, and returns what `--json` prints. */
type Carry = (values: Values, folders: readonly string[], signals: Signals) => Promise<Answer>

const VERBS: Readonly<Record<Verb, Carry>> = {
  presets,
  train,
  evaluate,
  export: exportWeights,
  features,
  summary,
}

/** Carries out what was written after `lab`, and prints what goes wrong. Returns the exit code. */
export async function runCommand(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await answer(words, terminal)
  } catch (error) {
    if (error instanceof OutputClosed) return BROKEN_PIPE
    if (error instanceof UsageError) {
      console.error(`lab: ${error.message} (see --help)`)
      return 2
    }
    console.error(error instanceof AppError ? `lab: ${error.message}` : error)
    return 1
  }
}

async function answer(words: readonly string[], { print, signals }: Terminal): Promise<number> {
  const [verb, ...rest] = words
  if (isHelp(verb)) {
    const [about] = rest
    await print(isVerb(about) ? usageOf(about) : USAGE)
    return 0
  }
  if (!isVerb(verb)) {
    throw new UsageError(
      `${verb ? `unknown command ${verb}` : 'a command is missing'}; commands: ${Object.keys(VERBS).join(', ')}`,
    )
  }
  if (rest.some(isHelp)) {
    await print(usageOf(verb))
    return 0
  }
  const { values, folders } = parseOptions(verb, rest)
  const { text, json, exitCode = 0 } = await VERBS[verb](values, folders, signals)
  try {
    await print(values['json'] === true ? JSON.stringify(json) : text)
  } catch (error) {
    // Why it ended is said by that exit code already.
    if (exitCode === 0) throw error
  }
  return exitCode
}

const isHelp = (word: string | undefined) => word === '--help' || word === '-h' || word === 'help'
