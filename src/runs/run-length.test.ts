import { expect, test } from 'vitest'
import { runLength } from './run-length.ts'

test('CIFAR-10 in batches of 128 is 391 steps an epoch', () => {
  const length = runLength({
    data: { set: 'cifar10', limitTrain: null, limitTest: null, validation: null },
    batchSize: 128,
    budget: { unit: 'epoch', amount: 200 },
  })
  expect(length).toEqual({
    trainImages: 50_000,
    validationImages: 0,
    testImages: 10_000,
    stepsPerEpoch: 391,
    totalSteps: 78_200,
    epochs: 200,
  })
})

test('64,000 iterations of 391 begin 164 epochs', () => {
  const { epochs, totalSteps } = runLength({
    data: { set: 'cifar10', limitTrain: null, limitTest: null, validation: null },
    batchSize: 128,
    budget: { unit: 'iteration', amount: 64_000 },
  })
  expect([totalSteps, epochs]).toEqual([64_000, 164])
})

test('images set aside are not trained on: 45,000 of 50,000 in batches of 128 are 352 steps', () => {
  const { trainImages, validationImages, stepsPerEpoch } = runLength({
    data: { set: 'cifar10', limitTrain: null, limitTest: null, validation: { images: 5_000 } },
    batchSize: 128,
    budget: { unit: 'epoch', amount: 1 },
  })
  expect([trainImages, validationImages, stepsPerEpoch]).toEqual([45_000, 5_000, 352])
})

test('a limit above the number of images there are changes nothing', () => {
  const { trainImages, testImages, stepsPerEpoch } = runLength({
    data: { set: 'builtin', limitTrain: 50_000, limitTest: 200, validation: null },
    batchSize: 5_000,
    budget: { unit: 'epoch', amount: 1 },
  })
  expect([trainImages, testImages, stepsPerEpoch]).toEqual([5_000, 200, 1])
})
