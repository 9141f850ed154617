// The vocabulary of architectures in words.
export const BIASES = [
  { id: 'none', text: 'None' },
  { id: '1x1', text: '1×1', note: 'In bottlenecks only' },
  { id: 'all', text: 'All', note: 'Stem and blocks; shortcuts never have one' },
] as const

export const POOLS = [
  { id: 'average', text: 'Average', note: 'Global average pooling' },
  { id: 'max', text: '4×4 max', note: 'As zhenye-na' },
] as const

export const WEIGHTS = [
  { id: 'kaiming-normal-fan-in', text: 'Kaiming normal, fan-in', note: 'arXiv:1502.01852' },
  { id: 'kaiming-normal-fan-out', text: 'Kaiming normal, fan-out', note: 'As iavicenna and zhenye-na' },
  { id: 'kaiming-uniform-fan-in', text: 'Kaiming uniform, fan-in', note: 'As mbsariyildiz' },
] as const

export const LINEARS = [
  { id: 'as-convolutions', text: 'Same as convolutions' },
  { id: 'uniform', text: '±1/√fan-in', note: 'PyTorch’s default' },
] as const

export const LINEAR_BIASES = [
  { id: 'zero', text: '0' },
  { id: 'uniform', text: '±1/√fan-in', note: 'PyTorch’s default; as akamaster' },
] as const

export const SCALES = [
  { id: 'one', text: '1' },
  { id: 'normal', text: 'Normal, 1 ± 0.02', note: 'As drgripa1' },
] as const

export const RUNNING_VARIANCES = [
  { id: '1', text: '1', note: 'PyTorch’s default' },
  { id: '0', text: '0', note: 'As mbsariyildiz; no evaluation before training' },
] as const
