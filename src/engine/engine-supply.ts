// One engine for everybody who needs one, opened on first need, and another where it has failed.
import type { AppError } from '../base/app-error.ts'
import type { Engine } from './engine.ts'

export type EngineSupply = {
  /** The engine, opened where there is none; another one where this is the one that `failed`. */
  get(failed?: Engine | null): Promise<Engine>
  dispose(): void
}

export type EngineSupplyPorts = {
  readonly create: (onFailure: (error: AppError) => void) => Promise<Engine>
  readonly onOpened: (engine: Engine) => void
  /** None could be opened; the next `get` tries again. */
  readonly onRefused: (error: unknown) => void
  /** The engine in use has failed. It is closed when another is asked for. */
  readonly onFailure: (error: AppError) => void
}

export function createEngineSupply(ports: EngineSupplyPorts): EngineSupply {
  type Opening = { readonly engine: Promise<Engine>; made: Engine | null; failed: boolean }
  let current: Opening | null = null

  function open(): Opening {
    const opening: Opening = {
      engine: ports.create((error) => {
        if (opening.failed) return
        opening.failed = true
        if (current === opening) ports.onFailure(error)
      }),
      made: null,
      failed: false,
    }
    void tell(opening)
    return opening
  }

  async function tell(opening: Opening): Promise<void> {
    try {
      opening.made = await opening.engine
      ports.onOpened(opening.made)
    } catch (error) {
      if (current === opening) current = null
      ports.onRefused(error)
    }
  }

  /** tfjs has one backend at a time, so an engine is closed before the next is opened. */
  function close(): void {
    current?.made?.dispose()
    current = null
  }

  return {
    get(failed = null) {
      if (current && (current.failed || (failed && current.made === failed))) close()
      current ??= open()
      return current.engine
    },
    dispose: close,
  }
}
