// The worker's engine: opened as a setting asks, another where it fails, and another where another setting is chosen.
import type { AppError } from '../base/app-error.ts'
import type { DeviceInfo } from '../contract/device-info.ts'
import { type EngineSetting, isSameSetting } from '../contract/engine-setting.ts'
import type { Engine } from '../engine/engine.ts'
import { createEngineSupply } from '../engine/engine-supply.ts'

type Ports = {
  readonly setting: EngineSetting
  readonly create: (setting: EngineSetting, onFailure: (error: AppError) => void) => Promise<Engine>
  readonly onOpened: (info: DeviceInfo, setting: EngineSetting) => void
  readonly onRefused: (error: unknown) => void
  readonly onFailure: (error: AppError) => void
}

export type ChosenEngine = ReturnType<typeof createChosenEngine>

export function createChosenEngine({ setting, create, onOpened, onRefused, onFailure }: Ports) {
  /** What engines are opened by, and what a person chose since. */
  let inUse = setting
  let wanted = setting
  let device: DeviceInfo | null = null
  const uses = new Set<Promise<unknown>>()
  const supply = createEngineSupply({
    create: (failed) => create(inUse, failed),
    onOpened({ info }) {
      device = info
      onOpened(info, inUse)
    },
    onRefused,
    onFailure,
  })

  return {
    /** The engine in use; another one where this is the one that `failed`. */
    get: (failed: Engine | null = null): Promise<Engine> => supply.get(failed),
    /** The device that was opened last; null before. */
    device: () => device,
    /** Does something besides training; the engine stays open as long as that takes. */
    async use<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
      const use = supply.get().then(work)
      uses.add(use)
      try {
        return await use
      } finally {
        uses.delete(use)
      }
    },
    /** Notes what is wanted; `apply` closes the engine in use where that is another one. */
    choose(next: EngineSetting): void {
      wanted = next
    },
    isPending: () => !isSameSetting(wanted, inUse),
    /** @param release lets go of the engine, which is closed after it */
    async apply(release: () => void): Promise<void> {
      while (uses.size > 0 && !isSameSetting(wanted, inUse)) await Promise.allSettled(uses)
      if (isSameSetting(wanted, inUse)) return
      inUse = wanted
      release()
      supply.dispose()
    },
  }
}
