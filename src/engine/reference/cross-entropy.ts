export type CrossEntropyResult = {
  /** Mean over the images, natural logarithm. */
  readonly loss: number
  readonly correct: number
  /** Of the logits. */
  readonly gradient: Float64Array
}

/** Softmax cross-entropy with label smoothing: the target is 1 − ε for the label, and ε ÷ classes for all. */
export function crossEntropy(
  logits: Float64Array,
  labels: readonly number[],
  classes: number,
  smoothing: number,
): CrossEntropyResult {
  let loss = 0
  let correct = 0
  const gradient = new Float64Array(logits.length)
  for (const [image, label] of labels.entries()) {
    const row = logits.subarray(image * classes, (image + 1) * classes)
    const largest = Math.max(...row)
    if (row[label] === largest) correct++
    const logSum = largest + Math.log(row.reduce((sum, z) => sum + Math.exp(z - largest), 0))
    for (const [k, z] of row.entries()) {
      const target = smoothing / classes + (k === label ? 1 - smoothing : 0)
      loss -= (target * (z - logSum)) / labels.length
      gradient[image * classes + k] = (Math.exp(z - logSum) - target) / labels.length
    }
  }
  return { loss, correct, gradient }
}
