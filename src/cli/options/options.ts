// The verbs' command-line options, and their words parsed by them.
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { UsageError } from './usage.ts'

const NETWORK_OPTIONS = {
  preset: { type: 'string' },
  'no-identity': { type: 'boolean' },
  n: { type: 'string' },
  width: { type: 'string' },
  data: { type: 'string' },
  whitening: { type: 'string' },
  engine: { type: 'string' },
  threads: { type: 'string' },
  json: { type: 'boolean' },
} as const

const VERBS = ['presets', 'train', 'evaluate', 'export', 'features', 'summary'] as const
export type Verb = (typeof VERBS)[number]

const OPTIONS: Readonly<Record<Verb, NonNullable<ParseArgsConfig['options']>>> = {
  presets: { json: { type: 'boolean' } },
  train: {
    ...NETWORK_OPTIONS,
    steps: { type: 'string' },
    epochs: { type: 'string' },
    batch: { type: 'string' },
    optimiser: { type: 'string' },
    'learning-rate': { type: 'string' },
    activations: { type: 'string' },
    schedule: { type: 'string' },
    validation: { type: 'string' },
    'evaluate-first': { type: 'boolean' },
    set: { type: 'string', multiple: true },
    seed: { type: 'string' },
    'limit-train': { type: 'string' },
    'limit-test': { type: 'string' },
    out: { type: 'string' },
    resume: { type: 'string' },
    markdown: { type: 'boolean' },
  },
  evaluate: {
    ...NETWORK_OPTIONS,
    weights: { type: 'string' },
    limit: { type: 'string' },
    markdown: { type: 'boolean' },
  },
  export: {
    run: { type: 'string' },
    format: { type: 'string' },
    preset: { type: 'string' },
    'no-identity': { type: 'boolean' },
    n: { type: 'string' },
    width: { type: 'string' },
    seed: { type: 'string' },
    naming: { type: 'string' },
    'module-prefix': { type: 'boolean' },
    out: { type: 'string' },
    json: { type: 'boolean' },
  },
  features: {
    ...NETWORK_OPTIONS,
    run: { type: 'string' },
    weights: { type: 'string' },
    limit: { type: 'string' },
    out: { type: 'string' },
  },
  summary: { format: { type: 'string' }, json: { type: 'boolean' } },
}

export type Values = ReturnType<typeof parseArgs>['values']

export function isVerb(word: string | undefined): word is Verb {
  return word !== undefined && Object.hasOwn(OPTIONS, word)
}

/** The verbs whose words without an option are folders. */
const WITH_FOLDERS: ReadonlySet<Verb> = new Set(['summary'])

/** @throws UsageError for an unknown option, a missing value, or a stray word */
export function parseOptions(
  verb: Verb,
  words: readonly string[],
): { values: Values; folders: readonly string[] } {
  try {
    const allowPositionals = WITH_FOLDERS.has(verb)
    const options = OPTIONS[verb]
    const parsed = parseArgs({ args: [...words], options, allowPositionals, strict: true })
    return { values: parsed.values, folders: parsed.positionals }
  } catch (error) {
    throw new UsageError(`${verb}: ${firstLine(error)}`)
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}
