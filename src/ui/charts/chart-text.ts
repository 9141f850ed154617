// What the charts say in words: titles, units, ticks, and a summary for who cannot see the lines.
import type { EpochPoint } from './chart-types.ts'
import { count, hundredths, loss, percent, rate } from './figures.ts'
import type { Quantity, Reading, RunCurves } from './run-curves.ts'

type QuantityText = {
  readonly title: string
  /** After the title. */
  readonly unit: string
  readonly axis: (value: number) => string
  readonly figure: (value: number) => string
}

export const QUANTITY_TEXT: Readonly<Record<Quantity, QuantityText>> = {
  loss: { title: 'Loss', unit: 'cross-entropy, nats', axis: (value) => String(value), figure: loss },
  accuracy: {
    title: 'Accuracy',
    unit: '%',
    axis: (value) => String(Number(hundredths(value))),
    figure: percent,
  },
  learningRate: { title: 'Learning rate', unit: '', axis: (value) => String(value), figure: rate },
}

/** A step in epochs, to two decimals. */
export const epochsAt = (step: number, stepsPerEpoch: number) => (step / stepsPerEpoch).toFixed(2)

/** "Step 1,200, epoch 3.05. A with identity: loss 0.4123, accuracy 85.12 %; after epoch 3, test loss …" */
export function spokenReading(
  step: number,
  readings: readonly Reading[],
  stepsPerEpoch: number | null,
): string {
  const where = stepsPerEpoch === null ? '' : `, epoch ${epochsAt(step, stepsPerEpoch)}`
  return [`Step ${count(step)}${where}`, ...readings.map(readingInWords)].join('. ')
}

function readingInWords({ series, train, epoch }: Reading): string {
  const training = train
    ? `training loss ${loss(train.loss)}, training accuracy ${percent(train.accuracy)}, learning rate ${rate(train.learningRate)}`
    : 'no step yet'
  const validating = epoch?.validation
    ? `validation loss ${loss(epoch.validation.loss)}, validation accuracy ${percent(epoch.validation.accuracy)}, `
    : ''
  const testing = epoch
    ? `; ${atEpoch(epoch)}, ${validating}test loss ${loss(epoch.test.loss)}, test accuracy ${percent(epoch.test.accuracy)}`
    : ''
  return `${series.label} ${series.description}: ${training}${testing}`
}

const atEpoch = ({ epoch }: Pick<EpochPoint, 'epoch'>) =>
  epoch === 0 ? 'before training' : `after epoch ${epoch}`

/** One sentence a run: where the curve began, where it is, and its best score: on the validation images if there are some. */
export function summaryOf(quantity: Quantity, { series, train, validation, test }: RunCurves): string {
  const { title, figure } = QUANTITY_TEXT[quantity]
  const name = title.toLowerCase()
  const curve = train[quantity]
  const first = curve.y[0]
  const last = curve.y.at(-1)
  const whose = `${series.label} ${series.description}`
  if (first === undefined || last === undefined) return `${whose}: no steps yet.`
  const steps = `${figure(first)} at step ${count(curve.x[0] ?? 0)}, ${figure(last)} at step ${count(curve.x.at(-1) ?? 0)}`
  const judge = validation[quantity].y.length > 0 ? 'validation' : 'test'
  const scores = judge === 'validation' ? validation[quantity] : test[quantity]
  const best = bestOf(scores.y, quantity === 'loss' ? Math.min : Math.max)
  const epoch = best && series.epochs.find(({ step }) => step === scores.x[best.index])
  const score = best && epoch ? `; best ${judge} ${name} ${figure(best.value)} ${atEpoch(epoch)}` : ''
  return `${whose}: ${quantity === 'learningRate' ? name : `training ${name}`} ${steps}${score}.`
}

function bestOf(values: Float64Array, choose: (...values: number[]) => number) {
  if (values.length === 0) return null
  const value = values.reduce((best, next) => choose(best, next))
  return { value, index: values.indexOf(value) }
}
