// Puts a kernel together from its parts, so that bindings, dims and WGSL declarations cannot disagree.
import type { Kernel, KernelBinding } from '../kernel.ts'

export type TensorBinding = KernelBinding & {
  /** Element type of the WGSL array, e.g. `vec4f`. */
  readonly element: string
  /** Elements of a uniform array, whose length WGSL wants to know. */
  readonly length?: number
  /** Name of the WGSL variable; `name` where absent. */
  readonly variable?: string
  /** Its element type is an alias, as `activations` says. */
  readonly aliased?: true
}

/**
 * A binding of activations or their gradients, float32 unless `withHalves` says otherwise. WGSL converts as it loads,
 * `vec4f(source[i])`, and stores by an alias of the element type named as the binding is: `destination[i] = Destination(y)`.
 */
export function activations(name: string, access: 'read' | 'read-write'): TensorBinding {
  return { name, access, element: 'vec4f', aliased: true }
}

type KernelDefinition<Dim extends string> = Pick<Kernel, 'label' | 'workgroups' | 'flops' | 'bytes'> & {
  readonly tensors: readonly TensorBinding[]
  /** Values that the shader reads as `dims.name`: shapes and loop counts. They cost no new pipeline. */
  readonly dims: Readonly<Record<Dim, number>>
  /** True where the shader reads a field of `step`. */
  readonly step?: boolean
  /** WGSL that must come before any declaration. */
  readonly directives?: readonly string[]
  readonly constants?: Kernel['constants']
  readonly code: string
}

/** The first bindings are the tensors, in order; then `dims`, then `step`. */
export function defineKernel<Dim extends string>(definition: KernelDefinition<Dim>): Kernel {
  const {
    label,
    tensors,
    dims,
    step,
    directives = [],
    constants = {},
    code,
    workgroups,
    flops,
    bytes,
  } = definition
  const values: number[] = Object.values(dims)
  const bindings = tensors.map(toBinding)
  const declarations = tensors.map(declareTensor)
  if (values.length > 0) {
    const fields = Object.keys(dims).map((name) => `  ${name}: u32,\n`)
    declarations.push(
      `struct Dims {\n${fields.join('')}}`,
      `@group(0) @binding(${bindings.length}) var<uniform> dims: Dims;`,
    )
    bindings.push({ name: 'dims', access: 'uniform' })
  }
  if (step) {
    declarations.push(
      'struct Step {\n  images: u32,\n  cropPadding: u32,\n  metricsSlot: u32,\n  learningRate: f32,\n  number: u32,\n  factor0: f32,\n  factor1: f32,\n  firstImage: u32,\n}',
      `@group(0) @binding(${bindings.length}) var<uniform> step: Step;`,
    )
    bindings.push({ name: 'step', access: 'uniform' })
  }
  const wgsl = `${[...directives, ...declarations].join('\n')}\n${code}`
  return { label, wgsl, bindings, constants, dims: values, workgroups, flops, bytes }
}

function toBinding({ name, access, part }: TensorBinding): KernelBinding {
  return part ? { name, access, part } : { name, access }
}

function declareTensor(binding: TensorBinding, index: number): string {
  const { name, variable, access, element, length, aliased } = binding
  const declared = aliased ? aliasOf(name) : element
  const type = length === undefined ? `array<${declared}>` : `array<${declared}, ${length}>`
  const declaration = `@group(0) @binding(${index}) var<${addressSpace(access)}> ${variable ?? name}: ${type};`
  return aliased ? `${declareAlias(name, element)}\n${declaration}` : declaration
}

const aliasOf = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)
const declareAlias = (name: string, element: string) => `alias ${aliasOf(name)} = ${element};`

/** WGSL's types of half the width. */
const HALVES = { vec4f: 'vec4h', f32: 'f16' }

/** The same kernel with some of its activations stored as float16. @param halves bytes of them, by binding */
export function withHalves(kernel: Kernel, halves: Readonly<Record<string, number>>): Kernel {
  const names = Object.keys(halves)
  if (names.length === 0) return kernel
  const wgsl = names.reduce((text, name) => {
    const found = Object.entries(HALVES).find(([full]) => text.includes(declareAlias(name, full)))
    if (!found) throw new Error(`${kernel.label} takes no float16 for its binding ${name}`)
    const [full, half] = found
    return text.replace(declareAlias(name, full), declareAlias(name, half))
  }, kernel.wgsl)
  const saved = Object.values(halves).reduce((total, bytes) => total + bytes, 0)
  return { ...kernel, wgsl: `enable f16;\n${wgsl}`, bytes: kernel.bytes - saved }
}

function addressSpace(access: KernelBinding['access']): string {
  switch (access) {
    case 'read':
      return 'storage, read'
    case 'read-write':
      return 'storage, read_write'
    case 'uniform':
      return 'uniform'
    default:
      return access satisfies never
  }
}
