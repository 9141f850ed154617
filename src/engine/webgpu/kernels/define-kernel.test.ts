import { expect, test } from 'vitest'
import { activations, defineKernel, withHalves } from './define-kernel.ts'

const kernel = defineKernel({
  label: 'copy',
  tensors: [
    activations('source', 'read'),
    { ...activations('mask', 'read'), element: 'f32' },
    { name: 'statistics', access: 'read', element: 'vec4f' },
    activations('destination', 'read-write'),
  ],
  dims: {},
  code: 'fn main() {}',
  workgroups: [1, 1, 1],
  flops: 0,
  bytes: 100,
})

test('activations are float32 arrays unless said otherwise', () => {
  expect(kernel.wgsl).toContain(
    'alias Source = vec4f;\n@group(0) @binding(0) var<storage, read> source: array<Source>;',
  )
  expect(kernel.wgsl).not.toContain('f16')
  expect(withHalves(kernel, {})).toBe(kernel)
})

test('a kernel with halves differs in the element types of their bindings, and in its traffic', () => {
  const halved = withHalves(kernel, { source: 10, mask: 5 })
  const expected = kernel.wgsl
    .replace('alias Source = vec4f', 'alias Source = vec4h')
    .replace('alias Mask = f32', 'alias Mask = f16')
  expect(halved).toEqual({ ...kernel, wgsl: `enable f16;\n${expected}`, bytes: 85 })
})

test('what is no activation cannot be made float16', () => {
  expect(() => withHalves(kernel, { statistics: 16 })).toThrow(
    'copy takes no float16 for its binding statistics',
  )
})
