/** Rows of features, and a class for each. */
export type Examples = { readonly values: Float32Array; readonly labels: Uint8Array }

export type LinearModel = { accuracy(examples: Examples): number }

const CLASSES = 10
const MOMENTUM = 0.9
const BATCH = 50

/** Softmax regression from zero weights by SGD with momentum 0.9 and batches of 50, in the examples' order. */
export function fitSoftmaxRegression(
  { values, labels }: Examples,
  { rate, epochs }: { rate: number; epochs: number },
): LinearModel {
  const features = values.length / labels.length
  const weights = new Float32Array(CLASSES * (features + 1))
  const velocity = new Float32Array(weights.length)
  const logits = new Float32Array(CLASSES)
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let start = 0; start < labels.length; start += BATCH) {
      for (let i = 0; i < velocity.length; i++) velocity[i] = (velocity[i] ?? 0) * MOMENTUM
      for (let row = start; row < Math.min(start + BATCH, labels.length); row++) {
        const example = values.subarray(row * features, (row + 1) * features)
        score(weights, example, logits)
        softmax(logits)
        for (let label = 0; label < CLASSES; label++) {
          const gradient = (logits[label] ?? 0) - (label === labels[row] ? 1 : 0)
          addScaled(velocity, label * (features + 1), example, gradient / BATCH)
        }
      }
      for (let i = 0; i < weights.length; i++) weights[i] = (weights[i] ?? 0) - rate * (velocity[i] ?? 0)
    }
  }
  return {
    accuracy(examples) {
      let correct = 0
      for (const [row, label] of examples.labels.entries()) {
        score(weights, examples.values.subarray(row * features, (row + 1) * features), logits)
        if (logits.indexOf(Math.max(...logits)) === label) correct++
      }
      return correct / examples.labels.length
    },
  }
}

/** Each class's weights are followed by its bias. */
function score(weights: Float32Array, example: Float32Array, logits: Float32Array): void {
  const stride = example.length + 1
  for (let label = 0; label < CLASSES; label++) {
    let sum = weights[label * stride + example.length] ?? 0
    for (let i = 0; i < example.length; i++) sum += (weights[label * stride + i] ?? 0) * (example[i] ?? 0)
    logits[label] = sum
  }
}

function softmax(logits: Float32Array): void {
  const largest = Math.max(...logits)
  let total = 0
  for (let i = 0; i < logits.length; i++) {
    logits[i] = Math.exp((logits[i] ?? 0) - largest)
    total += logits[i] ?? 0
  }
  for (let i = 0; i < logits.length; i++) logits[i] = (logits[i] ?? 0) / total
}

function addScaled(target: Float32Array, at: number, example: Float32Array, factor: number): void {
  for (let i = 0; i < example.length; i++) target[at + i] = (target[at + i] ?? 0) + factor * (example[i] ?? 0)
  target[at + example.length] = (target[at + example.length] ?? 0) + factor
}
