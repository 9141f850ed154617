import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../base/app-error.ts'
import { parseRunConfig } from '../../config/run-config.ts'
import {
  type EvaluatedRun,
  groupBySeed,
  identityEffects,
  identityEffectText,
  repeatedSeed,
  summaryTable,
} from '../../runs/run-summary.ts'
import { markdownTable } from '../../runs/markdown-table.ts'
import { cellText } from '../../runs/results-table.ts'
import type { ExportFormat } from '../../transfer/formats/format.ts'
import { formatsOf } from '../../transfer/formats/index.ts'
import { text } from '../options/option-values.ts'
import type { Values } from '../options/options.ts'
import { METRICS } from './run-folder.ts'
import { UsageError } from '../options/usage.ts'

/** The verb `summary`: the test errors of runs that `lab train --out` has written, as mean ± sd over their seeds. */
export async function summary(
  values: Values,
  folders: readonly string[],
): Promise<{ text: string; json: unknown }> {
  if (folders.length === 0) throw new UsageError('summary: name the folders of the runs')
  const format = formatFrom(values)
  const runs: EvaluatedRun[] = []
  for (const folder of folders) runs.push(await readRun(folder))
  const groups = groupBySeed(runs)
  for (const group of groups) {
    const [one, other] = repeatedSeed(group) ?? []
    if (one && other) {
      throw new UsageError(
        `summary: ${one.name} and ${other.name} are the same run (seed ${one.config.seed}); name one of them`,
      )
    }
  }
  const effects = identityEffects(groups)
  const json = groups.map(({ runs: [first, ...others], errorPercent }) => ({
    errorPercent,
    steps: first?.steps,
    testImages: first?.test.total,
    config: first?.config,
    seeds: [first, ...others].map((run) => run?.config.seed),
  }))
  const comparisons = effects.map(({ identity, withoutIdentity, errors }) => ({
    identity: groups.indexOf(identity),
    withoutIdentity: groups.indexOf(withoutIdentity),
    ...errors,
  }))
  const sentences = effects.map((effect) => `\n${identityEffectText(effect)}\n`)
  const table = summaryTable(groups)
  return {
    text:
      format === null
        ? [
            markdownTable(
              table.columns,
              table.rows.map((row) => row.map(cellText)),
            ),
            ...sentences,
          ]
            .join('')
            .trimEnd()
        : (await format.write(table)).trimEnd(),
    json: { groups: json, comparisons },
  }
}

/** What the table alone is written in; null where it comes with its sentences. */
function formatFrom(values: Values): ExportFormat<'results'> | null {
  const wanted = text(values, 'format')
  if (wanted === null) return null
  if (values['json'] === true) throw new UsageError('summary: give --json or --format, not both')
  const known = formatsOf('results')
  const format = known.find(({ id }) => id === wanted)
  if (format) return format
  throw new UsageError(
    `summary: --format takes one of ${known.map(({ id }) => id).join(', ')}, not ${JSON.stringify(wanted)}`,
  )
}

const metricsSchema = z.object({
  config: z.unknown(),
  epochs: z.array(
    z.object({ step: z.int(), test: z.object({ correct: z.int(), total: z.int().positive() }) }),
  ),
})

/** @throws AppError `checkpoint-unreadable` */
async function readRun(folder: string): Promise<EvaluatedRun> {
  const path = join(folder, METRICS)
  const content = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError(
      'checkpoint-unreadable',
      `${path} cannot be read; summary takes folders that \`lab train --out\` has written.`,
      { cause },
    )
  })
  const metrics = metricsSchema.safeParse(parseJson(content))
  if (!metrics.success) {
    throw new AppError(
      'checkpoint-unreadable',
      `${path} holds no metrics of a run; train into its folder again.`,
    )
  }
  const { epochs } = metrics.data
  const last = epochs.at(-1)
  if (!last) {
    throw new AppError('checkpoint-unreadable', `The run in ${folder} was never evaluated; train it further.`)
  }
  return {
    name: folder,
    config: parseRunConfig(metrics.data.config, path),
    steps: last.step,
    test: last.test,
  }
}

/** Null for what is no JSON. */
function parseJson(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return null
  }
}
