import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { PAPER, textsOf } from '../../../testing/ui/paper.ts'
import type { LabelledEvaluation } from '../labelled-evaluations.tsx'
import type { ConfusionUnit } from './confusion-values.ts'
import { type Subject, viewOf } from './confusion-view.ts'
import { MatrixDrawing } from './matrix-drawing.tsx'

const NAMES = ['cat', 'dog & puppy']

function score(confusion: number[][]): LabelledEvaluation {
  const evaluation = { loss: 1, accuracy: 0.5, correct: 10, total: 20, confusion, perClass: [] }
  return { key: 'a', short: 'A', label: 'A', colour: 'a', set: 'cifar10', evaluation, epoch: 1 }
}

const A = score([
  [8, 2],
  [6, 4],
])
const B = score([
  [5, 5],
  [0, 10],
])

function drawn(subject: Subject, unit: ConfusionUnit, values = true): string {
  return renderToStaticMarkup(
    <MatrixDrawing
      view={viewOf(subject, unit)}
      classNames={NAMES}
      title="Confusion matrix, A"
      lines={['A · 50.00 % of 20']}
      {...{ values }}
      ink={PAPER}
    />,
  )
}

test('a saved matrix has its title, its names on both sides, its values and its scale', () => {
  const texts = textsOf(drawn(A, 'count'))
  expect(texts.slice(0, 2)).toEqual(['Confusion matrix, A', 'A · 50.00 % of 20'])
  expect(texts.filter((text) => text === 'dog &amp; puppy')).toHaveLength(2)
  const first = texts.indexOf('8')
  expect(texts.slice(first, first + 4)).toEqual(['8', '2', '6', '4'])
  expect(texts.at(-1)).toBe('images')
})

test('a difference has signs, and two colours', () => {
  const svg = drawn({ a: A, b: B }, 'share')
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['−30', '+30', '−60', '+60']))
  expect(textsOf(svg).at(-1)).toBe('left: more in A, right: more in B, in points')
  // The largest change, at half strength on white, in each run's colour.
  expect(svg).toContain('rgb(141, 175, 230)')
  expect(svg).toContain('rgb(218, 168, 133)')
})

test('without room for values the cells are colours alone, at full strength', () => {
  const svg = drawn(A, 'count', false)
  expect(textsOf(svg)).not.toContain('6')
  expect(svg).toContain('fill="rgb(27, 95, 204)"')
  expect(svg).not.toMatch(/var\(|color-mix|class=|NaN/)
})

const square = (classes: number, countAt: (truth: number, predicted: number) => number) =>
  [...Array(classes).keys()].map((truth) =>
    [...Array(classes).keys()].map((predicted) => countAt(truth, predicted)),
  )

test('shares have the full range of colours, however few images were recognised', () => {
  const poor = square(4, (truth, predicted) => (truth === predicted ? 3 : 2))
  expect(viewOf(score(poor), 'share').largest).toBe(1 / 3)
})

test('100 classes are drawn as a path a shade, not as an element a cell', () => {
  const many = square(100, (truth, predicted) => (truth * 7 + predicted * 13) % 101)
  const svg = drawn(score(many), 'count', false)
  expect(svg.match(/<(rect|path)\b/g)?.length).toBeLessThan(32)
})
