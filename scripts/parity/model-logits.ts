// Logits of an exported network as other programs compute them.
import * as tf from '@tensorflow/tfjs'
import { InferenceSession, Tensor } from 'onnxruntime-web'

/** @param images planes, normalised: count × 3 × 32 × 32 */
export async function onnxLogits(
  file: Uint8Array,
  images: Float32Array,
  count: number,
): Promise<Float32Array> {
  const session = await InferenceSession.create(file)
  const { logits } = await session.run({ images: new Tensor('float32', images, [count, 3, 32, 32]) })
  await session.release()
  if (!(logits?.data instanceof Float32Array)) throw new Error('the logits are not float32')
  return logits.data
}

/** As stock `tf.loadLayersModel` loads the files, on tfjs's own kernels for the CPU. @param images planes, normalised: count × 3 × 32 × 32 */
export async function layersLogits(
  files: ReadonlyMap<string, Uint8Array>,
  images: Float32Array,
  count: number,
): Promise<Float32Array> {
  await tf.setBackend('cpu')
  const { modelTopology, weightsManifest } = JSON.parse(new TextDecoder().decode(files.get('model.json')))
  const weights = files.get('weights.bin')
  if (!(weights instanceof Uint8Array)) throw new Error('the weights are bytes')
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology,
      weightSpecs: weightsManifest[0].weights,
      weightData: Uint8Array.from(weights).buffer,
    }),
  )
  const output = tf.tidy(() => {
    const result = model.predict(tf.tensor4d(images, [count, 3, 32, 32]).transpose([0, 2, 3, 1]))
    if (Array.isArray(result)) throw new Error('the model has one output')
    return result
  })
  const values = await output.data<'float32'>()
  output.dispose()
  model.dispose()
  return values
}
