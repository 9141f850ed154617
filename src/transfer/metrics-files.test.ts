import { expect, test } from 'vitest'
import { DATA_SETS } from '../base/data-set.ts'
import { PRESETS } from '../presets/presets.ts'
import { csvLine, epochsCsv, metricsJson, type RunMetrics, stepsCsv } from './metrics-files.ts'

const [preset] = PRESETS
if (!preset) throw new Error('there is no preset')
const { config } = preset

const WITH: RunMetrics = {
  run: 'a1',
  config: { ...config, seed: 7 },
  points: [
    { step: 1, loss: 2.3125000000000004, accuracy: 0.125, learningRate: 0.1 },
    { step: 2, loss: Number.NaN, accuracy: 0, learningRate: 1e-7 },
  ],
  epochs: [
    {
      epoch: 1,
      step: 2,
      at: 1_700_000_000_000,
      train: { loss: 2.25, accuracy: 0.0625 },
      validation: null,
      test: { total: 200, correct: 31, accuracy: 0.155, loss: 2.125, confusion: [[31]], perClass: [] },
      answers: { labels: new Uint8Array(200), predicted: new Uint8Array(200) },
    },
  ],
}
const WITHOUT: RunMetrics = {
  ...WITH,
  run: 'width 4, "plain"\nrun',
  config: {
    ...config,
    seed: 7,
    data: { ...config.data, set: 'builtin' },
    network: { ...config.network, identity: false },
  },
}

test('a CSV of steps has one row a step, in the order of the runs', () => {
  expect(stepsCsv([WITH]).split('\r\n')).toEqual([
    'run,data_set,synthetic_data,identity,seed,step,batch_loss_nats,batch_accuracy_fraction,learning_rate',
    'a1,cifar10,false,true,7,1,2.3125000000000004,0.125,0.1',
    'a1,cifar10,false,true,7,2,NaN,0,1e-7',
    '',
  ])
})

test('a CSV of epochs has one row an epoch', () => {
  expect(epochsCsv([WITH]).split('\r\n')).toEqual([
    'run,data_set,synthetic_data,identity,seed,epoch,step,train_loss_nats,train_accuracy_fraction,validation_loss_nats,validation_accuracy_fraction,validation_correct_images,validation_images,test_loss_nats,test_accuracy_fraction,test_correct_images,test_images',
    'a1,cifar10,false,true,7,1,2,2.25,0.0625,,,,,2.125,0.155,31,200',
    '',
  ])
})

test('a CSV says which rows come from synthetic images, and quotes what RFC 4180 asks to be quoted', () => {
  expect(epochsCsv([WITHOUT]).split('\r\n')[1]).toBe(
    '"width 4, ""plain""\nrun",builtin,true,false,7,1,2,2.25,0.0625,,,,,2.125,0.155,31,200',
  )
})

test('epoch 0 has no training metrics, and validation metrics stand between training’s and the test’s', () => {
  const [epoch] = WITH.epochs
  if (!epoch) throw new Error('no epoch')
  const validation = { ...epoch.test, total: 50, correct: 10, accuracy: 0.2, loss: 2.5 }
  const first = { ...epoch, epoch: 0, step: 0, train: null, validation }
  expect(epochsCsv([{ ...WITH, epochs: [first] }]).split('\r\n')[1]).toBe(
    'a1,cifar10,false,true,7,0,0,,,2.5,0.2,10,50,2.125,0.155,31,200',
  )
})

test.each(['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\t=1', '＝1'])(
  'a run called %j is a text in a spreadsheet',
  (run) => {
    expect(
      stepsCsv([{ ...WITH, run }])
        .split('\r\n')[1]
        ?.startsWith(`'${run},`),
    ).toBe(true)
  },
)

test.each([['-0.5'], ['-0.50 ± 0.25'], ['+3'], ['-1e-3']])('%s in a table stays a number', (cell) => {
  expect(csvLine([cell])).toBe(`${cell}\r\n`)
})

test('a negative number stays one', () => {
  expect(csvLine([-0.5])).toBe('-0.5\r\n')
})

test('without runs a CSV is its headings', () => {
  expect(stepsCsv([])).toMatch(/^run,.*learning_rate\r\n$/)
})

test('the JSON holds the device, each run’s config, every step and every confusion matrix', () => {
  const device = {
    engine: 'tfjs' as const,
    backend: 'webgpu' as const,
    adapter: 'a GPU',
    software: false,
    activationFormats: ['f32' as const],
    fallbackReasons: [],
  }
  const epochs = WITH.epochs.map(({ answers: _answers, ...epoch }) => epoch)
  const points = [WITH.points[0], { ...WITH.points[1], loss: null }]
  const file: unknown = JSON.parse(metricsJson([WITH, WITHOUT], device))
  expect(file).toEqual({
    format: 'residual-lab-metrics',
    version: 1,
    device,
    runs: [
      { ...WITH, data: DATA_SETS.cifar10, points, epochs },
      { ...WITHOUT, data: DATA_SETS.builtin, points, epochs },
    ],
  })
})
