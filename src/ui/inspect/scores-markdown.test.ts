import { expect, test } from 'vitest'
import { classScoresTable } from '../../runs/evaluation-tables.ts'
import { classificationReport } from '../../training/classification-report.ts'
import type { LabelledEvaluation } from './labelled-evaluations.tsx'
import { scoresMarkdown } from './scores-markdown.ts'
import { scoreText } from './score-text.ts'

const THIN_SPACE = '\u202f'
const NAMES = ['cat', 'dog']
const score: LabelledEvaluation = {
  key: 'a1',
  short: 'A',
  label: 'A with identity',
  colour: 'a',
  set: 'cifar10',
  evaluation: classificationReport({ confusion: Uint32Array.of(3, 1, 0, 4), lossSum: 4 }, 2),
  epoch: 8,
}

test('each score’s table stands under its name and conditions', () => {
  const table = classScoresTable(score.evaluation, NAMES)
  const file = { ...score, label: 'net.safetensors', epoch: null }
  expect(scoresMarkdown([score, file], (evaluation) => classScoresTable(evaluation, NAMES))).toBe(
    `**A with identity** · epoch 8 · 87.50${THIN_SPACE}% of 8 · loss 0.5000 · CIFAR-10, test images\n\n${table}\n` +
      `**net.safetensors** · 87.50${THIN_SPACE}% of 8 · loss 0.5000 · CIFAR-10, test images\n\n${table}`,
  )
})

test('a score on CIFAR-100 says its coarse accuracy', () => {
  const confusion = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => 0))
  // A beaver as a dolphin, which are both aquatic mammals.
  confusion[4] = confusion[4]?.with(30, 1) ?? []
  const evaluation = { ...score.evaluation, total: 1, accuracy: 0, confusion }
  expect(scoreText({ ...score, set: 'cifar100', evaluation })).toContain(
    `0.00${THIN_SPACE}% of 1 · 100.00${THIN_SPACE}% on coarse classes`,
  )
})
