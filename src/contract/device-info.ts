import { z } from 'zod'
import { ACTIVATION_FORMATS } from './activation-format.ts'
import { AppError } from './app-error.ts'

/** Our compiled WebGPU engine, and the tfjs interpreter where that cannot run. */
export const ENGINES = ['webgpu', 'cpu', 'tfjs'] as const
export type EngineName = (typeof ENGINES)[number]

/** @throws AppError `config-invalid` for a name that no engine has */
export function parseEngineName(name: string): EngineName {
  const known = ENGINES.find((engine) => engine === name)
  if (known) return known
  throw new AppError(
    'config-invalid',
    `There is no engine called ${JSON.stringify(name)}; take ${ENGINES.join(' or ')}, or leave it out.`,
  )
}

const BACKENDS = ['webgpu', 'wasm', 'webgl', 'cpu'] as const

export const deviceInfoSchema = z.object({
  engine: z.enum(ENGINES),
  backend: z.enum(BACKENDS),
  /** The adapter in words, as the driver names it. */
  adapter: z.string(),
  /** True where the "GPU" is a program on the CPU (SwiftShader, llvmpipe, or no GPU at all): correct and slow. */
  software: z.boolean(),
  /** How it can store activations. */
  activationFormats: z.array(z.enum(ACTIVATION_FORMATS)),
  /** Why a faster backend was not used, one sentence each; empty on WebGPU. */
  fallbackReasons: z.array(z.string()),
})
export type DeviceInfo = z.infer<typeof deviceInfoSchema>
