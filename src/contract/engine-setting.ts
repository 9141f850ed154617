// Which engine a person wants to train with, and on how many threads.
import { z } from 'zod'
import { AppError } from '../base/app-error.ts'
import { readNumber } from '../base/typed-number.ts'
import { ENGINES } from './device-info.ts'

/** `auto`: the best that works on this machine. */
export const ENGINE_CHOICES = ['auto', ...ENGINES] as const
export type EngineChoice = (typeof ENGINE_CHOICES)[number]

/** More than any network here has work for. */
export const MOST_THREADS = 16

export const engineSettingSchema = z.object({
  engine: z.enum(ENGINE_CHOICES),
  /** Of the CPU engine; null for one a core, at most `MOST_THREADS`. */
  threads: z.int().min(1).max(MOST_THREADS).nullable(),
})
export type EngineSetting = z.infer<typeof engineSettingSchema>

export const AUTOMATIC: EngineSetting = { engine: 'auto', threads: null }

export function isSameSetting(one: EngineSetting, other: EngineSetting): boolean {
  return one.engine === other.engine && one.threads === other.threads
}

/** @param cores of the machine */
export function threadsOf({ threads }: EngineSetting, cores: number): number {
  return threads ?? Math.max(1, Math.min(cores, MOST_THREADS))
}

/** @throws AppError `config-invalid` for a name that is no choice */
export function parseEngineChoice(name: string): EngineChoice {
  const known = ENGINE_CHOICES.find((choice) => choice === name)
  if (known) return known
  throw new AppError(
    'config-invalid',
    `There is no engine called ${JSON.stringify(name)}; choose ${listed(ENGINE_CHOICES)}.`,
  )
}

/** @throws AppError `config-invalid` */
export function parseThreads(text: string): number {
  const parsed = readNumber(text, { min: 1, max: MOST_THREADS, whole: true })
  if ('value' in parsed) return parsed.value
  throw new AppError(
    'config-invalid',
    `The CPU engine runs on 1 to ${MOST_THREADS} threads, not on ${JSON.stringify(text)}.`,
  )
}

const listed = (words: readonly string[]) => `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
