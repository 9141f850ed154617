import type { WeightFormat } from '../../contract/run-format.ts'

/** What each format is for. */
export const FORMAT_WORDS: Readonly<Record<WeightFormat, { readonly text: string; readonly note: string }>> =
  {
    safetensors: { text: 'safetensors', note: 'weights for PyTorch, and for this page' },
    pytorch: { text: 'PyTorch script', note: 'continues training with torchrun, on one or more GPUs (zip)' },
    onnx: { text: 'ONNX', note: 'the network for ONNX Runtime and others, for inference' },
    tfjs: { text: 'TensorFlow.js', note: 'a layers model for inference: tf.loadLayersModel (zip)' },
    npz: { text: 'NumPy', note: 'weights as .npz' },
  }
