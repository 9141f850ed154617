// The lab without a browser: the same network, data, training and transfer code, on Dawn in Node.
import { AppError } from '../contract/app-error.ts'
import { evaluate } from './evaluate.ts'
import { isVerb, parseOptions, type Values, type Verb } from './options.ts'
import { presets } from './presets.ts'
import { train } from './train.ts'
import { USAGE, UsageError } from './usage.ts'

/** Carries out a verb; prints for people on stderr, and returns what `--json` prints. */
const VERBS: Readonly<Record<Verb, (values: Values) => Promise<{ text: string; json: unknown }>>> = {
  presets,
  train,
  evaluate,
}

async function main(words: readonly string[]): Promise<void> {
  const [verb, ...rest] = words
  if (verb === '--help' || verb === '-h' || verb === 'help') return console.log(USAGE)
  if (!isVerb(verb)) {
    throw new UsageError(
      `${verb ? `there is no verb ${verb}` : 'a verb is missing'}; there are ${Object.keys(VERBS).join(', ')}`,
    )
  }
  const values = parseOptions(verb, rest)
  const { text, json } = await VERBS[verb](values)
  console.log(values['json'] === true ? JSON.stringify(json) : text)
}

try {
  await main(process.argv.slice(2))
  process.exitCode = 0
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`lab: ${error.message} (--help tells more)`)
    process.exitCode = 2
  } else {
    console.error(error instanceof AppError ? `lab: ${error.message}` : error)
    process.exitCode = 1
  }
}
