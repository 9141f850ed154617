// Where a test holds a session between two turns of its loop, so that no test depends on how fast it trains.

export type Gate = {
  /** From now on nothing passes. */
  close(): void
  /** Whoever waits passes, and all who come. */
  open(): void
  /** While closed: lets `turns` pass, one after another, and resolves when the next one waits. */
  letThrough(turns: number): Promise<void>
  /** Resolves at once where the gate is open. */
  pass(): Promise<void>
}

/** A session takes a step, evaluates a batch or finds that it is paused in each turn; while a gate is closed, nothing. */
export function createGate({ closed = false } = {}): Gate {
  let isClosed = closed
  let waiting: (() => void)[] = []
  let expecting: (() => void)[] = []

  function wake(sleepers: readonly (() => void)[]): void {
    for (const resolve of sleepers) resolve()
  }

  async function reached(): Promise<void> {
    if (waiting.length > 0) return
    await new Promise<void>((resolve) => {
      expecting.push(resolve)
    })
  }

  function release(): void {
    const released = waiting
    waiting = []
    wake(released)
  }

  return {
    close() {
      isClosed = true
    },
    open() {
      isClosed = false
      release()
    },
    async letThrough(turns) {
      await reached()
      for (let turn = 0; turn < turns; turn++) {
        release()
        await reached()
      }
    },
    async pass() {
      if (!isClosed) return
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        const told = expecting
        expecting = []
        wake(told)
      })
    },
  }
}
