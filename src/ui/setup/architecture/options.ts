// The vocabulary of architectures in words.
export const BLOCKS = [
  { id: 'basic', text: 'Basic', note: '3×3 – BN – ReLU – 3×3 – BN, then the addition' },
  {
    id: 'bottleneck',
    text: 'Bottleneck',
    note: '1×1 – 3×3 – 1×1 to four times the channels, each with BN, then the addition',
  },
  {
    id: 'transition',
    text: 'Transition, pre-activated',
    note: 'As iavicenna: each stage begins with a transition; the others normalise before convolving, and after the addition',
  },
] as const

export const SHORTCUTS = [
  { id: 'subsample-pad', text: 'Zero-pad', note: 'Stride-2 subsampling, zero-padded channels' },
  { id: 'avgpool-pad', text: 'Average, zero-pad', note: '2×2 average pool, zero-padded channels' },
  { id: 'conv1x1', text: '1×1 convolution', note: 'Without batch norm' },
  { id: 'conv1x1-bn', text: 'Projection', note: '1×1 convolution and batch norm' },
  { id: 'conv3x3-bn', text: '3×3 projection', note: '3×3 convolution and batch norm' },
] as const

export const PADDINGS = [
  { id: 'end', text: 'At the end' },
  { id: 'centre', text: 'Both sides' },
] as const

/** A projection gives every channel a value. */
export const NO_PADDINGS = PADDINGS.map(({ id }) => ({ id, text: 'None needed' }))

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

export const SCALES = [
  { id: 'one', text: '1' },
  { id: 'normal', text: 'Normal, 1 ± 0.02', note: 'As drgripa1' },
] as const

export const RUNNING_VARIANCES = [
  { id: '1', text: '1', note: 'PyTorch’s default' },
  { id: '0', text: '0', note: 'As mbsariyildiz; no evaluation before training' },
] as const
