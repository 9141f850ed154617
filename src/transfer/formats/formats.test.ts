// What every export format must hold to, whichever there are.
import { describe, expect, test } from 'vitest'
import { preferredNaming, PRESETS } from '../../presets/presets.ts'
import type { ResultsTable } from '../../runs/results-table.ts'
import { firstCheckpoint } from '../../training/checkpoint.ts'
import type { Content, Exported } from './format.ts'
import { checkpointFormats, exportCheckpoint, findFormat, formatsOf } from './index.ts'
import { oneFile } from './one-file.ts'

const config = PRESETS[0]?.config
if (!config) throw new Error('there are presets')
const checkpoint = {
  ...firstCheckpoint(config),
  run: 'run-1',
  naming: preferredNaming(config),
  epochs: [
    {
      epoch: 1,
      step: 1,
      train: { loss: 2, accuracy: 0.25 },
      validation: null,
      test: { loss: 1.5, accuracy: 0.5, correct: 5, total: 10 },
    },
  ],
  points: [{ step: 1, loss: 2, accuracy: 0.25, learningRate: 0.1 }],
}

const RESULTS: ResultsTable = {
  caption: 'ResNet-20 on CIFAR-10, batch 128.',
  columns: ['Name', 'Configuration', 'Test accuracy, %'],
  rows: [
    ['A', 'identity 100%_on & more', { mean: 91.2549, sd: 0.2149, n: 3, digits: 2 }],
    ['B', 'a | b', { mean: 87.5, sd: null, n: 1, digits: 2 }],
  ],
}

const lengthOf = (content: Content) => content.length
const files = (exported: Exported): readonly Content[] =>
  typeof exported === 'string' || exported instanceof Uint8Array ? [exported] : [...exported.values()]

test('ids are different, and a command line can take them', () => {
  const ids = [...checkpointFormats, ...formatsOf('results')].map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]*$/)
})

describe.each(checkpointFormats.map(({ id }) => id))('%s of a checkpoint', (id) => {
  test('is written whole, and as one file for the page', async () => {
    const exported = await exportCheckpoint(id, checkpoint, 0)
    for (const content of files(exported)) expect(lengthOf(content)).toBeGreaterThan(0)
    const facts = checkpointFormats.find((format) => format.id === id)
    if (!facts) throw new Error(`${id} is listed`)
    const { fileName, bytes } = await oneFile(facts, 'run-1', exported, 1_700_000_000_000)
    expect(fileName).toMatch(facts.isPerRun ? /run-1$/ : new RegExp(`\\.${facts.extension}$`))
    expect(bytes.byteLength).toBeGreaterThan(0)
  })
})

test.each(formatsOf('results').map((format) => [format.id, format] as const))(
  '%s of results has a line of columns, and every row with its mean ± sd',
  async (_id, format) => {
    const text = await format.write(RESULTS)
    expect(text).toContain('Test accuracy')
    expect(text).toMatch(/91\.25.*0\.21/)
    expect(text).toContain('87.50')
  },
)

test('CSV of results keeps a cell with a comma in one piece', async () => {
  const text = await findFormat('results', 'results-csv').write(RESULTS)
  expect(text.split('\r\n')[0]).toBe('Name,Configuration,"Test accuracy, %"')
  expect(text.split('\r\n')[1]).toBe('A,identity 100%_on & more,91.25 ± 0.21')
})

test('LaTeX has every character of a name as itself', async () => {
  const text = await findFormat('results', 'latex').write(RESULTS)
  expect(text).toContain('\\begin{tabular}{llr}')
  expect(text).toContain('    Name & Configuration & Test accuracy, \\% \\\\\n')
  expect(text).toContain('    A & identity 100\\%\\_on \\& more & $91.25 \\pm 0.21$ \\\\\n')
})

test('Markdown has a caption, a rule and a row each, and a bar in a name does not end its cell', async () => {
  expect(await findFormat('results', 'markdown').write(RESULTS)).toBe(
    'ResNet-20 on CIFAR-10, batch 128.\n\n' +
      '| Name | Configuration | Test accuracy, % |\n| :-- | --: | --: |\n' +
      '| A | identity 100%_on & more | 91.25 ± 0.21 |\n| B | a \\| b | 87.50 |\n',
  )
})

test('an id that no format has is a fault of the caller', () => {
  expect(() => findFormat('metrics', 'safetensors')).toThrow('no format of metrics is called safetensors')
})
