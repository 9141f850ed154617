// What the log says of an epoch, in the words of the preset's author where the author prints a line with these metrics.
import { coarseAccuracy } from '../base/coarse-classes.ts'
import type { ParameterNaming } from '../network/parameter-namings.ts'
import type { Evaluation } from '../contract/evaluation.ts'
import type { RunConfig } from '../config/run-config.ts'
import { systemOf } from '../presets/presets.ts'
import type { EpochSummary } from './checkpoint.ts'

/** One that was trained in. */
type TrainedEpoch = EpochSummary & { readonly train: NonNullable<EpochSummary['train']> }

/** @param before the epochs so far, ascending */
type Lines = (epoch: TrainedEpoch, before: readonly EpochSummary[]) => string[]

/** By author; whoever is not here prints no line of an epoch's metrics. */
const AUTHORS: Readonly<Partial<Record<ParameterNaming, Lines>>> = {
  'zhenye-na': zhenyeNa,
  iavicenna,
  mbsariyildiz,
}

/**
 * The lines of the newest of a run's epochs, one on the images set aside where there are some, and one on coarse
 * classes where the set has them.
 * @param epochs ascending; at least one
 * @param test the newest epoch's
 */
export function epochLines(
  { preset, data }: Pick<RunConfig, 'preset' | 'data'>,
  epochs: readonly EpochSummary[],
  test: Evaluation,
): string[] {
  const newest = epochs.at(-1)
  if (!newest) return []
  const { train, validation } = newest
  const lines = train
    ? linesOf(preset)({ ...newest, train }, epochs.slice(0, -1))
    : [`Before training: test ${formatScore(test)}`]
  const coarse = coarseAccuracy(data.set, test.confusion)
  return [
    ...lines,
    ...(validation ? [`Validation ${formatScore(validation)}`] : []),
    ...(coarse === null ? [] : [`Test accuracy on coarse classes: ${percent(coarse)}`]),
  ]
}

function linesOf(preset: string | null): Lines {
  const author = systemOf(preset)?.naming
  return (author && AUTHORS[author]) ?? ours
}

const ours: Lines = ({ epoch, train, test }) => [
  `Epoch ${epoch}: training ${formatScore(train)}; test ${formatScore(test)}`,
]

/** As in the log that zhenye-na/deep-learning-uiuc shows; that code saves its model every 50 epochs, this lab after each. */
function zhenyeNa({ epoch, train, test }: TrainedEpoch): string[] {
  const line =
    `Iteration: ${epoch} | Loss: ${train.loss} | Training accuracy: ${plainPercent(train.accuracy)} | ` +
    `Test accuracy: ${plainPercent(test.accuracy)}`
  return (epoch - 1) % 50 === 0 ? [line, '==> Saving model ...'] : [line]
}

/** As iAvicenna/Residual-Network-Pytorch prints every third cycle; its average is over the last ten tests. */
function iavicenna({ train, test }: TrainedEpoch, before: readonly EpochSummary[]): string[] {
  const accuracies = [...before.map((epoch) => epoch.test.accuracy), test.accuracy]
  const recent = accuracies.slice(-10)
  const average = recent.reduce((sum, accuracy) => sum + accuracy, 0) / recent.length
  return [
    `Best test accuracy: ${Math.max(...accuracies).toFixed(5)}, current test accuracy: ${test.accuracy.toFixed(5)}, ` +
      (recent.length === 10 ? `average test accuracy ${average.toFixed(5)}, ` : '') +
      `training accuracy: ${train.accuracy.toFixed(5)} (cost:${train.loss.toFixed(5)})`,
  ]
}

/**
 * As mbsariyildiz/resnet-pytorch prints without TensorBoard, and the loss that TensorBoard is given.
 */
function mbsariyildiz({ train, test }: TrainedEpoch): string[] {
  return [
    `train_acc:${(100 * train.accuracy).toFixed(1)}, test_acc:${(100 * test.accuracy).toFixed(1)}, ` +
      `train_loss:${train.loss.toFixed(4)}`,
  ]
}

const formatScore = ({ loss, accuracy }: { readonly loss: number; readonly accuracy: number }) =>
  `loss ${loss.toFixed(4)}, accuracy ${percent(accuracy)}`
const percent = (share: number) => `${(100 * share).toFixed(2)} %`
/** Without digits that say nothing: 14.472%, 10%. */
const plainPercent = (share: number) => `${Number((100 * share).toFixed(4))}%`
