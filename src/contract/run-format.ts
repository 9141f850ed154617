/** What a run can be taken out as: its weights, its network, its metrics, or a script that trains it on. */
export const RUN_FORMATS = [
  'safetensors',
  'tfjs',
  'onnx',
  'npz',
  'pytorch',
  'csv',
  'json',
  'tfevents',
] as const
export type RunFormat = (typeof RUN_FORMATS)[number]

/** Those that hold weights; the others hold metrics. */
export const WEIGHT_FORMATS = ['safetensors', 'pytorch', 'onnx', 'tfjs', 'npz'] as const satisfies RunFormat[]
export type WeightFormat = (typeof WEIGHT_FORMATS)[number]
