// Batch normalisation (arXiv:1502.03167) in few dispatches: every full-size pass below is one tfjs kernel.
import * as tf from '@tensorflow/tfjs'

/** A batch's mean and biased variance by channel, [channels] each. */
export type Moments = { readonly mean: tf.Tensor1D; readonly variance: tf.Tensor1D }

/** @param x [batch, height, width, channels] */
export function batchMoments(x: tf.Tensor4D): Moments {
  return tf.tidy(() => {
    // The corrected two-pass algorithm (Chan, Golub & LeVeque, 1983): E[x²] − E[x]² would lose the variance of channels
    // far from zero, and a plain sum of them some digits of the mean.
    const centre = channelMean(x)
    const offset = channelMean(tf.sub(x, centre))
    const mean = tf.add<tf.Tensor1D>(centre, offset)
    return { mean, variance: channelMean(tf.squaredDifference(x, mean)) }
  })
}

/** γ · (x − mean) / √(variance + ε) + β; all vectors [channels]. */
export function normalise(
  x: tf.Tensor4D,
  { mean, variance }: Moments,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  epsilon: number,
): tf.Tensor4D {
  return tf.batchNorm(x, mean, variance, shift, scale, epsilon)
}

/**
 * Gradients through the normalisation and through the batch's moments:
 * dβ = Σ dy, dγ = Σ dy·x̂, dx = γ/σ · (dy − mean(dy) − x̂ · mean(dy·x̂)).
 * @param x the input of the forward pass
 * @param dy the gradient of its output
 */
export function batchNormGradients(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  { mean, variance }: Moments,
  scale: tf.Tensor1D,
  epsilon: number,
): { dx: tf.Tensor4D; dScale: tf.Tensor1D; dShift: tf.Tensor1D } {
  return tf.tidy(() => {
    const count = x.size / scale.size
    const zero = tf.zerosLike(scale)
    const one = tf.onesLike(scale)
    const meanDy = channelMean(dy)
    const meanDyXHat = channelMean(tf.mul(dy, tf.batchNorm(x, mean, variance, zero, one, epsilon)))
    // Both terms of dx are themselves normalisations by σ: γ·(dy − mean(dy))/σ, and x̂ scaled by γ·mean(dy·x̂)/σ.
    const centredDy = tf.batchNorm(dy, meanDy, variance, zero, scale, epsilon)
    const share = tf.mul(tf.mul(scale, meanDyXHat), tf.rsqrt(tf.add(variance, epsilon)))
    const alongXHat = tf.batchNorm(x, mean, variance, zero, share, epsilon)
    return {
      dx: tf.sub(centredDy, alongXHat),
      dScale: tf.mul(meanDyXHat, count),
      dShift: tf.mul(meanDy, count),
    }
  })
}

/** Pooling each image first needs neither a transpose nor workgroup memory, which `tf.mean` over three axes does. */
function channelMean(x: tf.Tensor4D): tf.Tensor1D {
  const [, height, width] = x.shape
  return tf.tidy(() => {
    const perImage = tf.avgPool(x, [height, width], 1, 'valid')
    return tf.mean<tf.Tensor1D>(perImage, [0, 1, 2])
  })
}

/** Σ over images and pixels, [channels]. */
export function channelSum(x: tf.Tensor4D): tf.Tensor1D {
  return tf.tidy(() => tf.mul(channelMean(x), x.size / x.shape[3]))
}
