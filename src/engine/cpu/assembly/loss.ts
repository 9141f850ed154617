// Softmax cross-entropy, natural logarithm, in float64.
import { F, place, step } from './memory'

@unmanaged
export class CrossEntropyCall {
  logits: usize
  logitsImage: usize
  /** Of the mean loss by the logits. */
  gradient: usize
  gradientImage: usize
  /** Lowest byte: the label. */
  words: usize
  classes: i32
  /** Both as they are stored. */
  channels: i32
  smoothing: f32
  /** [image][loss, 1 where the largest logit is the label's] */
  results: usize
}

/** Of an image with label y: log Σ exp z − (1 − ε)·z_y − ε/K · Σ z, which is PyTorch's label smoothing. */
export function crossEntropy(call: CrossEntropyCall, first: i32, count: i32): void {
  const classes = <usize>call.classes * F
  const images = <f64>step().images
  const uniform = <f64>call.smoothing / <f64>call.classes
  const labelShare = 1 - <f64>call.smoothing
  for (let i = 0; i < count; i++) {
    const z = place(call.logits, call.logitsImage, first) + <usize>i * call.logitsImage
    const gradient = place(call.gradient, call.gradientImage, first) + <usize>i * call.gradientImage
    const image = <usize>(first + i)
    const label = <usize>load<u8>(call.words + image * 4) * F
    let largest = load<f32>(z)
    let best: usize = 0
    for (let k: usize = F; k < classes; k += F) {
      if (load<f32>(z + k) > largest) {
        largest = load<f32>(z + k)
        best = k
      }
    }
    let total: f64 = 0
    let linear: f64 = 0
    for (let k: usize = 0; k < classes; k += F) {
      const shifted = <f64>load<f32>(z + k) - <f64>largest
      total += Math.exp(shifted)
      linear += shifted
    }
    for (let k: usize = 0; k < classes; k += F) {
      const probability = Math.exp(<f64>load<f32>(z + k) - <f64>largest) / total
      const target = uniform + (k == label ? labelShare : 0)
      store<f32>(gradient + k, <f32>((probability - target) / images))
    }
    memory.fill(gradient + classes, 0, <usize>call.channels * F - classes)
    const atLabel = <f64>load<f32>(z + label) - <f64>largest
    const loss = Math.log(total) - labelShare * atLabel - uniform * linear
    store<f64>(call.results + image * 16, loss)
    store<f64>(call.results + image * 16, best == label ? 1 : 0, 8)
  }
}

@unmanaged
export class SumLossesCall {
  results: usize
  /** Mean loss and correct count of the batch, float64. */
  metrics: usize
}

export function sumLosses(call: SumLossesCall): void {
  const images = step().images
  let loss: f64 = 0
  let correct: f64 = 0
  for (let image = 0; image < images; image++) {
    loss += load<f64>(call.results + <usize>image * 16)
    correct += load<f64>(call.results + <usize>image * 16, 8)
  }
  store<f64>(call.metrics, loss / <f64>images)
  store<f64>(call.metrics, correct, 8)
}
