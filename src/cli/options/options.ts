// The verbs' command-line options, and their words parsed by them.
import { resolve } from 'node:path'
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

const OUT = { out: { type: 'string' }, overwrite: { type: 'boolean' } } as const

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
    ...OUT,
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
    ...OUT,
    json: { type: 'boolean' },
  },
  features: {
    ...NETWORK_OPTIONS,
    run: { type: 'string' },
    weights: { type: 'string' },
    limit: { type: 'string' },
    ...OUT,
  },
  summary: { format: { type: 'string' }, json: { type: 'boolean' } },
}

export type Values = ReturnType<typeof parseArgs>['values']

export function isVerb(word: string | undefined): word is Verb {
  return word !== undefined && Object.hasOwn(OPTIONS, word)
}

/** The verbs whose words without an option are folders. */
const WITH_FOLDERS: ReadonlySet<Verb> = new Set(['summary'])

const PATHS: ReadonlySet<string> = new Set(['data', 'out', 'run', 'resume', 'weights'])

/** Where `npm run lab` was called, which starts it in the package's own folder; null where that is the working folder. */
function callersFolder(): string | null {
  const folder = process.env['npm_lifecycle_event'] === 'lab' ? process.env['INIT_CWD'] : undefined
  return folder === undefined || resolve(folder) === process.cwd() ? null : folder
}

/**
 * @param from what relative paths begin at; null for the working folder
 * @throws UsageError for an unknown option, a missing value, or a stray word
 */
export function parseOptions(
  verb: Verb,
  words: readonly string[],
  from: string | null = callersFolder(),
): { values: Values; folders: readonly string[] } {
  try {
    const allowPositionals = WITH_FOLDERS.has(verb)
    const options = OPTIONS[verb]
    const parsed = parseArgs({ args: [...words], options, allowPositionals, strict: true })
    const pathFrom = (path: string) => (from === null ? path : resolve(from, path))
    const values = Object.entries(parsed.values).map(([name, value]) => {
      const isPath = PATHS.has(name) && typeof value === 'string' && value !== '' && value !== 'builtin'
      return [name, isPath ? pathFrom(value) : value] as const
    })
    return { values: Object.fromEntries(values), folders: parsed.positionals.map(pathFrom) }
  } catch (error) {
    throw new UsageError(`${verb}: ${firstLine(error)}`)
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}
