// Puts a kernel together from its parts, so that bindings, dims and WGSL declarations cannot disagree.
import type { Kernel, KernelBinding } from '../kernel.ts'

export type TensorBinding = KernelBinding & {
  /** Element type of the WGSL array, e.g. `vec4f`. */
  readonly of: string
  /** Elements of a uniform array, whose length WGSL wants to know. */
  readonly length?: number
  /** Name of the WGSL variable; `name` where absent. */
  readonly variable?: string
}

type KernelDefinition<Dim extends string> = Pick<Kernel, 'label' | 'workgroups' | 'flops' | 'bytes'> & {
  readonly tensors: readonly TensorBinding[]
  /** Values that the shader reads as `dims.name`: shapes and loop counts. They cost no new pipeline. */
  readonly dims: Readonly<Record<Dim, number>>
  /** True where the shader reads a field of `step`. */
  readonly step?: boolean
  readonly constants?: Kernel['constants']
  readonly code: string
}

/** The first bindings are the tensors, in order; then `dims`, then `step`. */
export function defineKernel<Dim extends string>(definition: KernelDefinition<Dim>): Kernel {
  const { label, tensors, dims, step, constants = {}, code, workgroups, flops, bytes } = definition
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
      'struct Step {\n  images: u32,\n  cropPadding: u32,\n  metricsSlot: u32,\n  learningRate: f32,\n  number: u32,\n  meanCorrection: f32,\n  rootCorrection: f32,\n}',
      `@group(0) @binding(${bindings.length}) var<uniform> step: Step;`,
    )
    bindings.push({ name: 'step', access: 'uniform' })
  }
  const wgsl = `${declarations.join('\n')}\n${code}`
  return { label, wgsl, bindings, constants, dims: values, workgroups, flops, bytes }
}

function toBinding({ name, access, part }: TensorBinding): KernelBinding {
  return part ? { name, access, part } : { name, access }
}

function declareTensor({ name, variable, access, of, length }: TensorBinding, index: number): string {
  const type = length === undefined ? `array<${of}>` : `array<${of}, ${length}>`
  return `@group(0) @binding(${index}) var<${addressSpace(access)}> ${variable ?? name}: ${type};`
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
