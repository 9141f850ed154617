// What a person's pause, resume, step and stop do to a loop that asks before each step.

export type RunControl = {
  pause(): void
  resume(): void
  /** Lets one step through, also while closed. */
  step(): void
  /** For good. */
  stop(): void
  /** Something else changed that a waiting loop should look at. */
  wake(): void
  /** Somebody goes through; true where only a granted step let them. */
  consumeStep(): boolean
  isOpen(): boolean
  isStopped(): boolean
  /** Resolves at the next call of any of the above but `taken`. */
  changed(): Promise<void>
}

export function createRunControl(paused: boolean): RunControl {
  let closed = paused
  let granted = false
  let stopped = false
  let waiting: (() => void)[] = []

  function wake(): void {
    const woken = waiting
    waiting = []
    for (const resolve of woken) resolve()
  }

  return {
    pause() {
      closed = true
      granted = false
      wake()
    },
    resume() {
      closed = false
      wake()
    },
    step() {
      closed = true
      granted = true
      wake()
    },
    stop() {
      stopped = true
      wake()
    },
    wake,
    consumeStep() {
      const single = granted
      granted = false
      return single
    },
    isOpen: () => !closed || granted,
    isStopped: () => stopped,
    changed: () => new Promise((resolve) => waiting.push(resolve)),
  }
}
