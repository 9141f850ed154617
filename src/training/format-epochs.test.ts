import { expect, test } from 'vitest'
import type { Evaluation } from '../contract/evaluation.ts'
import type { RunConfig } from '../config/run-config.ts'
import type { EpochSummary } from './checkpoint.ts'
import { epochLines } from './format-epochs.ts'

/** An epoch with so many of 10,000 test images correct. */
function epoch(number: number, correct: number): EpochSummary {
  return {
    epoch: number,
    step: 10 * number,
    train: { loss: 4.104180923530033, accuracy: 0.14472 },
    validation: null,
    test: { loss: 2.25, accuracy: correct / 10_000, correct, total: 10_000 },
  }
}

const NO_EVALUATION: Evaluation = {
  total: 0,
  correct: 0,
  accuracy: 0,
  loss: 0,
  confusion: [],
  perClass: [],
}

function linesOf(preset: string | null, epochs: readonly EpochSummary[]): string[] {
  const data: RunConfig['data'] = { set: 'cifar10', limitTrain: null, limitTest: null, validation: null }
  return epochLines({ preset, data }, epochs, NO_EVALUATION)
}

test('zhenye-na’s line is the one that the author published', () => {
  expect(linesOf('zhenye-na', [epoch(1, 1485)])).toEqual([
    'Iteration: 1 | Loss: 4.104180923530033 | Training accuracy: 14.472% | Test accuracy: 14.85%',
    '==> Saving model ...',
  ])
})

test('zhenye-na’s log says after epochs 1, 51, 101 that the model is saved', () => {
  const saved = [1, 50, 51, 101].map((number) => linesOf('zhenye-na', [epoch(number, 1)]).slice(1))
  expect(saved).toEqual([['==> Saving model ...'], [], ['==> Saving model ...'], ['==> Saving model ...']])
})

test('iavicenna’s line has the best test so far, and from the tenth on the average of the last ten', () => {
  const epochs = [9000, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000].map((correct, i) =>
    epoch(i + 1, correct),
  )
  expect(linesOf('iavicenna-18', epochs.slice(0, 2))).toEqual([
    'Best test accuracy: 0.90000, current test accuracy: 0.01000, training accuracy: 0.14472 (cost:4.10418)',
  ])
  expect(linesOf('iavicenna-18-wide', epochs)).toEqual([
    'Best test accuracy: 0.90000, current test accuracy: 0.10000, average test accuracy 0.05500, training accuracy: 0.14472 (cost:4.10418)',
  ])
})

test('mbsariyildiz’s line tells training and test apart', () => {
  expect(linesOf('mbsariyildiz-18', [epoch(1, 9201)])).toEqual([
    'train_acc:14.5, test_acc:92.0, train_loss:4.1042',
  ])
})

test('whoever prints no such line, and a set-up of no preset, gets the lab’s own', () => {
  const line = 'Epoch 3: training loss 4.1042, accuracy 14.47 %; test loss 2.2500, accuracy 14.85 %'
  for (const preset of ['akamaster-20', 'drgripa1-20', 'iavicennas', null]) {
    expect(linesOf(preset, [epoch(3, 1485)])).toEqual([line])
  }
})

test('epoch 0 has a line of its own, and images set aside have one after the author’s', () => {
  const first: EpochSummary = {
    ...epoch(0, 1000),
    train: null,
    validation: { loss: 2.5, accuracy: 0.125, correct: 625, total: 5_000 },
  }
  const evaluation = { ...NO_EVALUATION, loss: 2.25, accuracy: 0.1 }
  const data: RunConfig['data'] = {
    set: 'cifar10',
    limitTrain: null,
    limitTest: null,
    validation: { images: 5_000 },
  }
  expect(epochLines({ preset: 'zhenye-na', data }, [first], evaluation)).toEqual([
    'Before training: test loss 2.2500, accuracy 10.00 %',
    'Validation loss 2.5000, accuracy 12.50 %',
  ])
})

test('on CIFAR-100 a line follows with the accuracy on coarse classes', () => {
  const confusion = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => 0))
  // Two of four beavers are taken for dolphins, and one for an apple.
  confusion[4] = confusion[4]?.with(4, 1).with(30, 2).with(0, 1) ?? []
  const data: RunConfig['data'] = { set: 'cifar100', limitTrain: null, limitTest: null, validation: null }
  expect(epochLines({ preset: null, data }, [epoch(1, 2500)], { ...NO_EVALUATION, confusion })[1]).toBe(
    'Test accuracy on coarse classes: 75.00 %',
  )
})
