// One step of an optimiser over all parameters at once, by the formulas of torch.optim.
import type { OptimiserConfig } from '../../../../config/recipe-config.ts'
import { slotNames } from '../../../optimiser.ts'
import type { Kernel } from '../../kernel.ts'
import { VEC4_BYTES } from '../../memory/layout.ts'
import { defineKernel } from '../define-kernel.ts'
import { ELEMENT_WORKGROUP, gridStride } from '../grid-stride.ts'
import { wgsl } from '../wgsl.ts'

/** `decay` has one weight decay for each of these stretches of the parameters: tensors begin at multiples of it. */
export const DECAY_STRETCH_BYTES = 256
const STRETCH = DECAY_STRETCH_BYTES / VEC4_BYTES

/** How an optimiser moves a vec4 of parameters. */
type Update = {
  readonly name: string
  /** From `value` (the parameter), `gradient`, `decay` and the slots at `i`, to the slots and `value`. */
  readonly code: string
  readonly constants: Kernel['constants']
  /** Multiplications and additions a value. */
  readonly flops: number
}

/**
 * `parameters` and the slots are updated in place from `gradients` by `decay`, the step's learning rate and, for Adam,
 * its bias correction. Slots begin as zeros: PyTorch's first step of SGD, buffer = gradient, is that too.
 * @param bytes of the parameters; gradients and each slot lie as they do
 * @param lossScale a power of 2 that the gradients are multiplied by
 */
export function optimise(bytes: number, optimiser: OptimiserConfig, lossScale = 1): Kernel {
  const vectors = bytes / VEC4_BYTES
  const { stride, workgroups } = gridStride(vectors)
  const slots = slotNames(optimiser)
  const { name, code, flops, ...update } = updateOf(optimiser)
  const constants = { ...update.constants, unscale: 1 / lossScale }
  return defineKernel({
    label: `${name} ×${vectors * 4}`,
    tensors: [
      { name: 'parameters', access: 'read-write', of: 'vec4f' },
      { name: 'gradients', access: 'read', of: 'vec4f' },
      { name: 'decay', access: 'read', of: 'f32', variable: 'decays' },
      ...slots.map((slot) => ({ name: slot, access: 'read-write', of: 'vec4f' }) as const),
    ],
    dims: { vectors, stride },
    step: true,
    constants,
    code: optimiseWgsl(Object.keys(constants), code),
    workgroups,
    flops: vectors * 4 * flops,
    bytes: bytes * (3 + 2 * slots.length),
  })
}

function optimiseWgsl(overrides: readonly string[], update: string): string {
  return wgsl`
${overrides.map((name) => `override ${name}: f32;`).join('\n')}

@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  if (thread.x >= dims.stride) { return; }
  for (var i = thread.x; i < dims.vectors; i += dims.stride) {
    var value = parameters[i];
    var gradient = unscale * gradients[i];
    let decay = decays[i / ${STRETCH}u];
    ${update}
    parameters[i] = value;
  }
}
`
}

function updateOf(optimiser: OptimiserConfig): Update {
  switch (optimiser.kind) {
    case 'sgd':
      return sgd(optimiser)
    case 'adam':
    case 'adamw':
      return adam(optimiser)
    case 'rmsprop':
      return rmsprop(optimiser)
    case 'adagrad':
      return adagrad(optimiser)
    default:
      return optimiser satisfies never
  }
}

type Config<Kind extends OptimiserConfig['kind']> = Extract<OptimiserConfig, { kind: Kind }>

const ADD_DECAY = wgsl`gradient += decay * value;`

function sgd({ momentum, nesterov }: Config<'sgd'>): Update {
  if (momentum === 0) {
    const code = wgsl`${ADD_DECAY}
    value -= step.learningRate * gradient;`
    return { name: 'sgd', code, constants: {}, flops: 4 }
  }
  const code = wgsl`${ADD_DECAY}
    let velocity = keep * momentum[i] + gradient;
    momentum[i] = velocity;
    value -= step.learningRate * (${nesterov ? 'gradient + keep * velocity' : 'velocity'});`
  return { name: 'sgd', code, constants: { keep: momentum }, flops: nesterov ? 8 : 6 }
}

// 1 − β comes from outside because float32 leaves four digits of 1 − 0.999.
function adam({ kind, beta1, beta2, epsilon }: Config<'adam' | 'adamw'>): Update {
  const code = wgsl`${kind === 'adamw' ? 'value *= 1.0 - step.learningRate * decay;' : ADD_DECAY}
    let mean = beta1 * exp_avg[i] + rest1 * gradient;
    let square = beta2 * exp_avg_sq[i] + rest2 * gradient * gradient;
    exp_avg[i] = mean;
    exp_avg_sq[i] = square;
    value -= step.learningRate * step.meanCorrection * mean / (sqrt(square) * step.rootCorrection + epsilon);`
  const constants = { beta1, beta2, rest1: 1 - beta1, rest2: 1 - beta2, epsilon }
  return { name: kind, code, constants, flops: 15 }
}

function rmsprop({ alpha, momentum, epsilon }: Config<'rmsprop'>): Update {
  const direction = wgsl`${ADD_DECAY}
    let square = alpha * square_avg[i] + rest * gradient * gradient;
    square_avg[i] = square;
    var direction = gradient / (sqrt(square) + epsilon);`
  const move = wgsl`value -= step.learningRate * direction;`
  const constants = { alpha, rest: 1 - alpha, epsilon }
  if (momentum === 0) {
    return { name: 'rmsprop', code: `${direction}\n    ${move}`, constants, flops: 11 }
  }
  const accumulate = wgsl`direction += keep * momentum[i];
    momentum[i] = direction;`
  const code = [direction, accumulate, move].join('\n    ')
  return { name: 'rmsprop', code, constants: { ...constants, keep: momentum }, flops: 13 }
}

function adagrad({ epsilon }: Config<'adagrad'>): Update {
  const code = wgsl`${ADD_DECAY}
    let total = sum[i] + gradient * gradient;
    sum[i] = total;
    value -= step.learningRate * gradient / (sqrt(total) + epsilon);`
  return { name: 'adagrad', code, constants: { epsilon }, flops: 9 }
}
