import { z } from 'zod'
import { ACTIVATION_FORMATS } from '../base/activation-format.ts'

/** Ours on WebGPU, ours on the machine's cores, and TensorFlow.js. */
export const ENGINES = ['webgpu', 'cpu', 'tfjs'] as const
export type EngineName = (typeof ENGINES)[number]

/** In a sentence: "trained with …". */
export const ENGINE_TITLES: Readonly<Record<EngineName, string>> = {
  webgpu: 'WebGPU',
  cpu: 'the CPU engine',
  tfjs: 'TensorFlow.js',
}

const BACKENDS = ['webgpu', 'wasm', 'webgl', 'cpu'] as const

export const deviceInfoSchema = z.object({
  engine: z.enum(ENGINES),
  backend: z.enum(BACKENDS),
  /** The adapter in words, as the driver names it. */
  adapter: z.string(),
  /** True where the arithmetic is the CPU's: the CPU engine, a "GPU" that is a program (SwiftShader, llvmpipe), or none. */
  software: z.boolean(),
  /** Of the CPU engine: those that work at once. */
  threads: z.int().min(1).optional(),
  /** How it can store activations. */
  activationFormats: z.array(z.enum(ACTIVATION_FORMATS)),
  /** Why a faster engine was not used, one sentence each; empty on WebGPU, and where the engine was asked for. */
  fallbackReasons: z.array(z.string()),
})
export type DeviceInfo = z.infer<typeof deviceInfoSchema>
