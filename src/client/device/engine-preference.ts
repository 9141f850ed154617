// Which engine this browser wants: what its address says, else what was chosen here before, else what the lab finds best.
import { type Failure, toFailure } from '../../base/app-error.ts'
import {
  AUTOMATIC,
  type EngineSetting,
  engineSettingSchema,
  parseEngineChoice,
  parseThreads,
} from '../../contract/engine-setting.ts'

export type EnginePreference = {
  readonly setting: EngineSetting
  /** Where it came from; a choice takes the place of an address. */
  readonly from: 'default' | 'choice' | 'address'
  /** Why the address, or a part of it, does not count. */
  readonly failure: Failure | null
}

const KEY = 'residual-lab.engine'
/** In the address: `?engine=cpu&threads=4`. */
const PARAMETERS = ['engine', 'threads'] as const

/** @param storage null where this browser keeps nothing for us */
export function enginePreference(search: string, storage: Pick<Storage, 'getItem'> | null): EnginePreference {
  const remembered = rememberedSetting(storage)
  const from = remembered ? 'choice' : 'default'
  const parameters = new URLSearchParams(search)
  const engine = parameters.get('engine')
  const threads = parameters.get('threads')
  const before = remembered ?? AUTOMATIC
  if (engine === null && threads === null) return { setting: before, from, failure: null }
  try {
    const setting = {
      engine: engine === null ? before.engine : parseEngineChoice(engine),
      threads: threads === null ? before.threads : parseThreads(threads),
    }
    return { setting, from: 'address', failure: null }
  } catch (error) {
    return { setting: before, from, failure: toFailure(error) }
  }
}

export function rememberEngine(setting: EngineSetting, storage: Pick<Storage, 'setItem'> | null): void {
  try {
    storage?.setItem(KEY, JSON.stringify(setting))
  } catch {
    // Storage is full or blocked: the choice lasts until the page is closed.
  }
}

/** An address's query without an engine, as a choice leaves it. */
export function withoutEngine(search: string): string {
  const parameters = new URLSearchParams(search)
  if (!PARAMETERS.some((name) => parameters.has(name))) return search
  for (const name of PARAMETERS) parameters.delete(name)
  // `?dev` has no value, and stays as it was written.
  const query = parameters.toString().replaceAll(/=(?=&|$)/g, '')
  return query === '' ? '' : `?${query}`
}

/** Null where none was, or where it is not one that this version knows. */
function rememberedSetting(storage: Pick<Storage, 'getItem'> | null): EngineSetting | null {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(KEY) ?? 'null')
    return engineSettingSchema.safeParse(stored).data ?? null
  } catch {
    return null
  }
}
