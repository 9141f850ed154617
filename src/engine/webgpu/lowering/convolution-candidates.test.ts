import { describe, expect, test } from 'vitest'
import { type AdapterTraits, type Convolution, convolutionCandidates } from './convolution-candidates.ts'

const CONVOLUTIONS: Convolution[] = (['forward', 'backward-data', 'backward-filter'] as const).flatMap(
  (pass) =>
    [
      [3, 16, 32, 3, 1],
      [16, 16, 32, 3, 1],
      [16, 32, 32, 3, 2],
      [64, 256, 32, 1, 1],
      [256, 512, 8, 1, 2],
      [512, 512, 4, 3, 1],
    ].map(([inChannels = 0, outChannels = 0, side = 0, kernel, stride]) => ({
      pass,
      activations: 'f32',
      shape: {
        batch: 128,
        height: side,
        width: side,
        inChannels,
        outChannels,
        kernel: kernel === 1 ? 1 : 3,
        stride: stride === 1 ? 1 : 2,
      },
    })),
)

/** WebGPU's defaults, which every adapter has. */
const LIMITS = { workgroupBytes: 16_384, invocations: 256, workgroups: 65_535, storageBuffers: 8 }
const BYTES = { vec4f: 16, mat4x4f: 64 }

function workgroupBytes(wgsl: string): number {
  return [...wgsl.matchAll(/var<workgroup> \w+: array<(vec4f|mat4x4f), (\d+)>/g)].reduce(
    (total, [, type, length]) => total + BYTES[type === 'vec4f' ? 'vec4f' : 'mat4x4f'] * Number(length),
    0,
  )
}

describe.each<AdapterTraits>([
  { software: true, weightSpace: 'uniform', subgroupQuads: false },
  { software: true, weightSpace: 'subgroup', subgroupQuads: true },
  { software: false, weightSpace: 'uniform', subgroupQuads: true },
])('candidates where %o', (traits) => {
  const { software } = traits
  const all = CONVOLUTIONS.map((convolution) => ({
    convolution,
    candidates: convolutionCandidates(convolution, traits),
  }))

  test('are of both families, each with a name of its own', () => {
    for (const { candidates } of all) {
      const ids = candidates.map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids.some((id) => id.startsWith('tiled'))).toBe(true)
      expect(ids.some((id) => id.startsWith('register'))).toBe(true)
      expect(ids[0]).toMatch(software ? /^register/ : /^tiled/)
    }
  })

  test('stay within WebGPU’s default limits at batch 128', () => {
    for (const { candidates } of all) {
      for (const { kernel } of candidates) {
        const { wgsl, workgroups, bindings } = kernel({})
        const threads = Number(/@workgroup_size\((\d+)\)/.exec(wgsl)?.[1])
        expect(threads).toBeGreaterThan(0)
        expect(threads).toBeLessThanOrEqual(LIMITS.invocations)
        expect(workgroupBytes(wgsl)).toBeLessThanOrEqual(LIMITS.workgroupBytes)
        expect(Math.max(...workgroups)).toBeLessThanOrEqual(LIMITS.workgroups)
        expect(bindings.length).toBeLessThanOrEqual(LIMITS.storageBuffers)
      }
    }
  })

  test('leave partial sums behind only where the pass has them', () => {
    const splits = (pass: Convolution['pass']) =>
      all
        .filter(({ convolution }) => convolution.pass === pass)
        .flatMap(({ candidates }) => candidates.map((candidate) => candidate.splits))
    expect(new Set([...splits('forward'), ...splits('backward-data')])).toEqual(new Set([1]))
    expect(Math.min(...splits('backward-filter'))).toBe(1)
    expect(Math.max(...splits('backward-filter'))).toBeGreaterThan(8)
  })
})
