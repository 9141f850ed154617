import type { Evaluation } from '../contract/evaluation.ts'
import type { ImageSet } from '../data/image-set.ts'
import type { Batch, Trainer } from '../engine/engine.ts'
import { classificationReport } from './classification-report.ts'
import { gather } from './sampler.ts'

/** Images a batch: small enough that a slow adapter shows progress, large enough that a fast one is not idle. */
const EVALUATION_BATCH = 200

/**
 * A trainer's score on all images of a set, with running statistics and without augmentation, and its answer to each.
 * @param between awaited before each batch with the images asked for so far: progress, pauses, the event loop's turn
 */
export async function evaluateOn(
  trainer: Pick<Trainer, 'score'>,
  images: ImageSet,
  classes: number,
  between: (done: number) => Promise<void>,
): Promise<{ readonly evaluation: Evaluation; readonly predicted: Uint8Array<ArrayBuffer> }> {
  const stray = images.labels.find((label) => label >= classes)
  if (stray !== undefined) throw new RangeError(`label ${stray} among ${classes} classes`)
  const score = await trainer.score(batchesOf(images, between))
  return { evaluation: classificationReport(score, classes), predicted: score.predicted }
}

/** All images of a set in order, as they are. */
export async function* batchesOf(
  images: ImageSet,
  between: (done: number) => Promise<void>,
): AsyncGenerator<Batch, void, void> {
  for (let from = 0; from < images.count; from += EVALUATION_BATCH) {
    await between(from)
    const size = Math.min(EVALUATION_BATCH, images.count - from)
    yield gather(
      images,
      Array.from({ length: size }, (_, i) => from + i),
    )
  }
}
