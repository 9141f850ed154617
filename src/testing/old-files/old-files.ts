// The files that earlier versions have left, and what those versions said of them.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'
import { z } from 'zod'
import { parseRunConfig } from '../../config/run-config.ts'
import type { Runs } from './plain-lab.ts'
import { runDigestSchema, runEntryFileSchema } from './run-digests.ts'
import { type DatabaseDump, databaseDumpSchema } from './stored-databases.ts'

const FIXTURES = new URL('fixtures/', import.meta.url)

/** The days on which files were written, each by the version of that day. */
export const OLD_VERSIONS: readonly string[] = readdirSync(FIXTURES)

const runsSchema = z.record(
  z.string(),
  z.object({
    entry: runEntryFileSchema,
    /** Of its last checkpoint; null where it has none. */
    digest: runDigestSchema.nullable(),
    /** Of its lines. */
    log: z.string(),
  }),
)
export type OldRuns = z.infer<typeof runsSchema>

const sessionSchema = z.object({
  session: z.string(),
  /** More than the budget, once that is spent. */
  epochs: z.int(),
  /** What each run came to without a break, on the version that wrote the files. */
  end: z.record(z.string(), runDigestSchema),
})
export type OldSession = z.infer<typeof sessionSchema>

const expectedSchema = z.object({
  databases: z.object({
    dumpedAt: z.number(),
    kernels: z.record(z.string(), z.string()),
    images: z.object({
      cifar10: z.object({ train: z.string(), test: z.string() }),
      download: z.object({ set: z.string(), archive: z.base64(), arrived: z.int() }),
    }),
    runs: runsSchema,
    sessions: z.array(sessionSchema),
    queue: z.array(sessionSchema),
  }),
  archive: z.object({ runs: runsSchema, sessions: z.array(sessionSchema) }),
  runFolder: z.object({
    /** The words of the commands, but for where the run is. */
    train: z.array(z.string()),
    evaluate: z.array(z.string()),
    /** To which an interrupted run went on. */
    steps: z.int(),
    before: runDigestSchema,
    end: runDigestSchema,
    evaluation: z.record(z.string(), z.unknown()),
    summary: z.string(),
  }),
})

const linksSchema = z.object({
  links: z.array(
    z.object({
      name: z.string(),
      link: z.string(),
      /** Where the link's own JSON says less than it means. */
      config: z.unknown().optional(),
    }),
  ),
  files: z.array(z.object({ name: z.string(), text: z.string() })),
  localStorage: z.record(z.string(), z.string()),
})

export function oldFile(version: string, name: string): string {
  return fileURLToPath(new URL(`${version}/${name}`, FIXTURES))
}

export function readExpected(version: string): z.infer<typeof expectedSchema> {
  return expectedSchema.parse(asOfToday(JSON.parse(readFileSync(oldFile(version, 'expected.json'), 'utf8'))))
}

export function readLinks(version: string): z.infer<typeof linksSchema> {
  return linksSchema.parse(JSON.parse(readFileSync(oldFile(version, 'links.json'), 'utf8')))
}

export function readDatabases(version: string): DatabaseDump[] {
  const text = brotliDecompressSync(readFileSync(oldFile(version, 'databases.json.br'))).toString('utf8')
  return z.array(databaseDumpSchema).parse(JSON.parse(text))
}

/** A session's runs as they were begun. */
export function runsOfSession({ end }: OldSession, runs: OldRuns): Runs {
  return Object.keys(end).map((run) => ({ run, config: parseRunConfig(runs[run]?.entry.config, run) }))
}

const configOfVersion2 = z.looseObject({
  version: z.literal(2),
  preset: z.string().nullable(),
  network: z.looseObject({
    block: z.looseObject({ kind: z.string() }),
    initialisation: z.looseObject({}),
  }),
})

/**
 * What JSON with configs of version 2 means today: their transition was a pre-activated one, which is no preset of
 * iavicenna's, and a linear layer's bias began at 0.
 */
export function asOfToday(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asOfToday)
  const config = configOfVersion2.safeParse(value)
  if (!config.success) {
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, asOfToday(part)]))
  }
  const { preset, network } = config.data
  const isTransition = network.block.kind === 'transition'
  return {
    ...config.data,
    version: 3,
    preset: isTransition && preset?.startsWith('iavicenna-') ? null : preset,
    network: {
      ...network,
      block: isTransition ? { kind: 'transition-pre-activated' } : network.block,
      initialisation: { ...network.initialisation, linearBias: 'zero' },
    },
  }
}
