// A network's answers counted on the CPU: the reference of what our engine counts on the device.
import type { Score } from './engine.ts'

type GrowingScore = {
  /** @param logits labels.length × classes */
  add(logits: Float32Array, labels: Uint8Array): void
  finish(): Score
}

export function createScore(classes: number): GrowingScore {
  const confusion = new Uint32Array(classes * classes)
  const predicted: number[] = []
  let lossSum = 0
  return {
    add(logits, labels) {
      labels.forEach((label, i) => {
        const row = logits.subarray(i * classes, (i + 1) * classes)
        const answer = argmax(row)
        predicted.push(answer)
        const cell = label * classes + answer
        confusion[cell] = (confusion[cell] ?? 0) + 1
        lossSum += crossEntropy(row, label)
      })
    },
    finish: () => ({ confusion, lossSum, predicted: Uint8Array.from(predicted) }),
  }
}

/** Index of the first largest value. */
function argmax(values: Float32Array): number {
  let best = 0
  for (let i = 1; i < values.length; i++) {
    if ((values[i] ?? 0) > (values[best] ?? 0)) best = i
  }
  return best
}

/** −log softmax(logits)[label], with the largest logit subtracted first. */
function crossEntropy(logits: Float32Array, label: number): number {
  const largest = Math.max(...logits)
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0)
  return Math.log(sum) + largest - (logits[label] ?? 0)
}
