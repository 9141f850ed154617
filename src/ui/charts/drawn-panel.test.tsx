import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { comparedRun } from '../../testing/runs/compared-runs.ts'
import { comparisonOf } from '../compare/comparison.ts'
import { PAPER, textsOf } from '../../testing/ui/paper.ts'
import { DrawnPanel } from './drawn-panel.tsx'
import { curvesOf, type Quantity, readingAt } from './run-curves.ts'

const RUNS = [1, 2].flatMap((seed) => [
  comparedRun({ seed, accuracies: [50, 90 + seed], identity: true }),
  comparedRun({ seed, accuracies: [40, 80], identity: false }),
])

function drawn(what: 'runs' | 'groups', quantity: Quantity, log = false): string {
  const curves = comparisonOf(RUNS)[what].map(({ series }) => curvesOf(series, 0.6))
  return renderToStaticMarkup(
    <DrawnPanel
      {...{ quantity, log }}
      showsAll={false}
      runs={curves}
      readings={curves.map((run) => readingAt(run, null))}
      window={{ low: 0, high: 20 }}
      stepsPerEpoch={10}
      smoothing={0.6}
      notes={['ResNet-20, 16 channels, on CIFAR-10']}
      ink={PAPER}
    />,
  )
}

test('a saved chart says which line is which, what each reads, its units and what was trained', () => {
  const texts = textsOf(drawn('runs', 'accuracy'))
  expect(texts.slice(0, 3)).toEqual(['Accuracy %', 'train, smoothed 0.60', 'test'])
  expect(texts).toContainEqual(expect.stringMatching(/^\w+ with identity, seed 1$/))
  expect(texts).toContain('91.00\u202f% (epoch 2)')
  expect(texts).toContain('epochs')
  expect(texts.at(-1)).toBe('ResNet-20, 16 channels, on CIFAR-10')
})

test('a mean over seeds has its deviation, its n and its band', () => {
  const svg = drawn('groups', 'accuracy')
  expect(textsOf(svg)).toContain('91.50\u202f% ± 0.71, n = 2 (epoch 2)')
  expect(textsOf(svg).at(-1)).toBe('Lines are means over runs. Bands show ± 1 standard deviation.')
  expect(svg.match(/opacity="0.18"/g)).toHaveLength(4)
  expect(drawn('runs', 'accuracy')).not.toContain('opacity="0.18"')
})

test('two dashed runs of four are dashed in the plot and in the legend, and a learning rate is drawn level between its steps', () => {
  expect(drawn('runs', 'loss').match(/stroke-dasharray="4 2"/g)).toHaveLength(4)
  const rate = drawn('runs', 'learningRate')
  expect(textsOf(rate).slice(0, 2)).toEqual(['Learning rate', 'rate'])
  expect(rate).toMatch(/d="M\d+\.\d,[\d.]+H[\d.]+V/)
})

test.each([false, true])(
  'a file needs no page: no variables, no classes, no numbers that are none (log: %s)',
  (log) => {
    for (const what of ['runs', 'groups'] as const) {
      const svg = drawn(what, 'loss', log)
      expect(svg).not.toMatch(/var\(|color-mix|class=|NaN|Infinity|undefined/)
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 \d+ \d+"/)
    }
  },
)

test('a description too long for the legend is told below it, in full, in lines that fit', () => {
  const [run] = comparisonOf(RUNS).runs
  const description = 'a name that goes on and on '.repeat(12).trim()
  const curves = run ? [curvesOf({ ...run.series, label: 'A', description }, 0)] : []
  const svg = renderToStaticMarkup(
    <DrawnPanel
      quantity="loss"
      log={false}
      showsAll={false}
      runs={curves}
      readings={curves.map((one) => readingAt(one, null))}
      window={{ low: 0, high: 20 }}
      stepsPerEpoch={null}
      smoothing={0}
      notes={[]}
      ink={PAPER}
    />,
  )
  const texts = textsOf(svg)
  expect(texts).toContain('A')
  const told = texts.slice(texts.findIndex((text) => text.startsWith('A: ')))
  expect(told.length).toBeGreaterThan(1)
  expect(told.join(' ')).toBe(`A: ${description}.`)
  expect(svg).toContain('viewBox="0 0 752 ')
})
