import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { RunRecord } from '../../client/session/run-record.ts'
import type { EpochRecord } from '../../contract/events.ts'
import { NO_REPORTS } from '../../runs/run-reports.ts'
import { SMALL_CONFIG } from '../../testing/runs/small-config.ts'
import { Difference } from './difference.tsx'

const IMAGES = 100

/** With the first so many of the test images classified rightly. */
function epochOf(epoch: number, correct: number, hasAnswers = true): EpochRecord {
  const score = { total: IMAGES, correct, accuracy: correct / IMAGES, loss: 1, confusion: [], perClass: [] }
  const predicted = Uint8Array.from({ length: IMAGES }, (_, i) => Number(i >= correct))
  const answers = hasAnswers ? { labels: new Uint8Array(IMAGES), predicted } : null
  return { epoch, step: epoch, at: 0, train: null, validation: null, test: score, answers }
}

const runOf = (epochs: readonly EpochRecord[]): RunRecord => ({
  ...NO_REPORTS,
  run: 'run',
  config: SMALL_CONFIG,
  epochs,
  failure: null,
})

const said = (a: readonly EpochRecord[], b: readonly EpochRecord[]) =>
  renderToStaticMarkup(<Difference runs={{ a: runOf(a), b: runOf(b) }} />)
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')

test('what identity brings has its sign, its interval, its n and its epoch', () => {
  const text = said([epochOf(1, 70)], [epochOf(1, 40)])
  expect(text).toContain('+30.00 points of test accuracy with identity mappings')
  expect(text).toMatch(/95 % interval \+20\.\d\d to \+38\.\d\d · p < 0\.0001 · after epoch 1/)
  expect(text).toContain('100 synthetic test images, one seed')
  expect(said([epochOf(1, 40)], [epochOf(1, 70)])).toContain('−30.00')
})

test('a difference that chance would make is said to be that', () => {
  expect(said([epochOf(2, 47)], [epochOf(2, 40)])).toContain('p = 0.0156')
  expect(said([epochOf(2, 44)], [epochOf(2, 40)])).not.toContain('interval')
})

test('the newest epoch that both have counts, without an interval where its answers are gone', () => {
  const text = said([epochOf(1, 60, false), epochOf(2, 90)], [epochOf(1, 50)])
  expect(text).toContain('+10.00')
  expect(text).toContain('after epoch 1')
  expect(text).not.toContain('interval')
})

test('nothing is said before both are tested', () => {
  expect(said([epochOf(1, 60)], [])).toBe('')
})
