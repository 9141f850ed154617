import * as tf from '@tensorflow/tfjs'

export type LossHead = {
  /** [2]: the batch's mean cross-entropy, and how many images were classed correctly. */
  readonly metrics: tf.Tensor1D
  /** Of the loss by the logits, [batch, classes]. */
  readonly gradient: tf.Tensor2D
}

/**
 * Softmax cross-entropy with label smoothing as PyTorch defines it (arXiv:1512.00567, section 7):
 * the target is (1 − smoothing) for the label plus smoothing / classes for every class.
 * @param logits [batch, classes]
 */
export function crossEntropy(logits: tf.Tensor2D, labels: Uint8Array, smoothing: number): LossHead {
  const [batch, classes] = logits.shape
  return tf.tidy(() => {
    const classIndices = tf.tensor1d(Int32Array.from(labels.subarray(0, batch)), 'int32')
    const targets = tf.tensor2d(smoothedTargets(labels, batch, classes, smoothing), [batch, classes])
    const logProbabilities = tf.logSoftmax(logits)
    const loss = tf.div(tf.sum(tf.mul(targets, logProbabilities)), -batch)
    const correct = tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), classIndices), 'float32'))
    return {
      metrics: tf.stack([loss, correct]).as1D(),
      gradient: tf.div(tf.sub(tf.exp(logProbabilities), targets), batch),
    }
  })
}

function smoothedTargets(
  labels: Uint8Array,
  batch: number,
  classes: number,
  smoothing: number,
): Float32Array {
  const targets = new Float32Array(batch * classes).fill(smoothing / classes)
  for (let image = 0; image < batch; image++) {
    targets[image * classes + (labels[image] ?? 0)] = 1 - smoothing + smoothing / classes
  }
  return targets
}
