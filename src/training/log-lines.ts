// What a session writes in its log: an epoch's line in the format that the published write-ups print.
import type { Evaluation } from '../contract/evaluation.ts'
import type { RunConfig } from '../contract/run-config.ts'
import { DATA_SETS } from '../contract/data-set.ts'
import type { ImageSet } from '../data/image-set.ts'

export function startLine(config: RunConfig, train: ImageSet, test: ImageSet): string {
  const { network, data, batchSize, seed } = config
  const set = DATA_SETS[data.set]
  const depth = 6 * network.n + 2
  return (
    `ResNet-${depth}, width ${network.width}, ${network.identity ? 'with' : 'without'} identity mappings, on ` +
    `${set.title}: ${train.count} training and ${test.count} test images, batch ${batchSize}, seed ${seed}`
  )
}

/** Loss and training accuracy are means over the epoch's steps. */
export function epochLine(
  epoch: number,
  train: { loss: number; accuracy: number },
  test: Evaluation,
): string {
  return (
    `Iteration: ${epoch} | Loss: ${train.loss} | Training accuracy: ${percent(train.accuracy)} | ` +
    `Test accuracy: ${percent(test.accuracy)}`
  )
}

const percent = (share: number) => `${(100 * share).toFixed(2)}%`
