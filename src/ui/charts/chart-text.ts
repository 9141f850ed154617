// What the charts say in words: titles, units, ticks, and a summary for who cannot see the lines.
import { count, hundredths, loss, percent, rate, tick } from './curve-values.ts'
import type { Metric, Quantity, Reading, RunCurves } from './run-curves.ts'

type QuantityText = {
  readonly title: string
  /** After the title. */
  readonly unit: string
  readonly axis: (value: number) => string
  readonly metric: (value: number) => string
  /** Of a standard deviation, in the metric's unit and without it. */
  readonly deviation: (value: number) => string
}

export const QUANTITY_TEXT: Readonly<Record<Quantity, QuantityText>> = {
  loss: {
    title: 'Loss',
    unit: 'cross-entropy, nats',
    axis: tick,
    metric: loss,
    deviation: loss,
  },
  accuracy: {
    title: 'Accuracy',
    unit: '%',
    axis: (value) => String(Number(hundredths(value))),
    metric: percent,
    deviation: hundredths,
  },
  learningRate: {
    title: 'Learning rate',
    unit: '',
    axis: tick,
    metric: rate,
    deviation: rate,
  },
}

/** "85.12 %", and of a mean over runs "85.12 % ± 0.21" */
export function metricText(quantity: Quantity, { value, spread }: Metric): string {
  const { metric, deviation } = QUANTITY_TEXT[quantity]
  return spread?.sd == null ? metric(value) : `${metric(value)} ± ${deviation(spread.sd)}`
}

/** "3 points lie above the axis, up to 906.2000" */
export function aboveText(
  { points, highest }: { readonly points: number; readonly highest: number },
  quantity: Quantity,
): string {
  const who = points === 1 ? '1 point lies' : `${count(points)} points lie`
  return `${who} above the axis, up to ${QUANTITY_TEXT[quantity].metric(highest)}`
}

/** A step in epochs, to two decimals. */
export const epochsAt = (step: number, stepsPerEpoch: number) => (step / stepsPerEpoch).toFixed(2)

/** "Step 1,200, epoch 3.05. A with identity: loss 0.4123, accuracy 85.12 %; after epoch 3, test loss …" */
export function readingText(
  step: number,
  readings: readonly Reading[],
  stepsPerEpoch: number | null,
): string {
  const where = stepsPerEpoch === null ? '' : `, epoch ${epochsAt(step, stepsPerEpoch)}`
  return [`Step ${count(step)}${where}`, ...readings.map(formatReading)].join('. ')
}

function formatReading({ series, train, validation, test, epoch }: Reading): string {
  const text = (metrics: NonNullable<Reading['train']>, quantity: Quantity) =>
    metricText(quantity, metrics[quantity])
  const runs = train?.loss.spread ? ` (${train.loss.spread.n} runs)` : ''
  const training = train
    ? `training loss ${text(train, 'loss')}, training accuracy ${text(train, 'accuracy')}, learning rate ${text(train, 'learningRate')}`
    : 'no step yet'
  const validating = validation
    ? `validation loss ${text(validation, 'loss')}, validation accuracy ${text(validation, 'accuracy')}, `
    : ''
  const testing =
    test && epoch !== null
      ? `; ${atEpoch(epoch)}, ${validating}test loss ${text(test, 'loss')}, test accuracy ${text(test, 'accuracy')}`
      : ''
  return `${series.label} ${series.description}${runs}: ${training}${testing}`
}

const atEpoch = (epoch: number) => (epoch === 0 ? 'before training' : `after epoch ${epoch}`)

/** One sentence a run: where the curve began, where it is, and its best score: on the validation images if there are some. */
export function summaryOf(
  quantity: Quantity,
  { series, train, validation, test, epochs }: RunCurves,
): string {
  const { title, metric } = QUANTITY_TEXT[quantity]
  const name = title.toLowerCase()
  const curve = train[quantity]
  const first = curve.y[0]
  const last = curve.y.at(-1)
  const whose = `${series.label} ${series.description}`
  if (first === undefined || last === undefined) return `${whose}: no steps yet.`
  const steps = `${metric(first)} at step ${count(curve.x[0] ?? 0)}, ${metric(last)} at step ${count(curve.x.at(-1) ?? 0)}`
  const judge = validation[quantity].y.length > 0 ? 'validation' : 'test'
  const scores = judge === 'validation' ? validation[quantity] : test[quantity]
  const best = bestOf(scores.y, quantity === 'loss' ? Math.min : Math.max)
  const epoch = best && epochs.find(({ step }) => step === scores.x[best.index])
  const score = best && epoch ? `; best ${judge} ${name} ${metric(best.value)} ${atEpoch(epoch.epoch)}` : ''
  return `${whose}: ${quantity === 'learningRate' ? name : `training ${name}`} ${steps}${score}.`
}

function bestOf(values: Float64Array, choose: (...values: number[]) => number) {
  if (values.length === 0) return null
  const value = values.reduce((best, next) => choose(best, next))
  return { value, index: values.indexOf(value) }
}
