// The runs of a session, in step: the same batches, metrics read back together, checkpoints of the same step.
import type { StepPoint } from '../contract/events.ts'
import type { CompileProgress, Engine } from '../engine/engine.ts'
import type { KeptCheckpoint } from './checkpoint.ts'
import { createPace } from './pace.ts'
import type { MakeWhitening, Participant } from './participant.ts'
import type { Sampler } from './sampler.ts'

type LockstepPorts = {
  /** Steps have finished: their metrics. */
  readonly onSteps: (run: string, points: StepPoint[]) => void
  /** Steps have finished, or what is known of their speed has changed. */
  readonly onProgress: () => void
  /** Some of the runs train no longer. */
  readonly onFailed: (failed: readonly Participant[]) => void
  readonly keep: (checkpoints: readonly KeptCheckpoint[]) => Promise<void>
  /** Milliseconds that never go back. */
  readonly elapsed: () => number
}

type CompilePorts = {
  readonly whiten: MakeWhitening
  readonly onProgress: (
    at: { readonly run: string; readonly index: number; readonly count: number },
    progress: CompileProgress | null,
  ) => void
}

/** Between two epochs, what a lost device costs at most. */
const CHECKPOINT_MS = 2 * 60_000

export class Lockstep {
  readonly participants: readonly Participant[]
  readonly stepsPerEpoch: number
  totalSteps: number
  readonly #sampler: Sampler
  readonly #evaluatesFirst: boolean
  readonly #ports: LockstepPorts
  readonly #pace = createPace()
  #step: number
  #finishedSteps: number
  #stepsSinceReadBack = 0
  #readBack: Promise<void> = Promise.resolve()
  #keptStep: number
  #keptAt: number
  /** Something was trained or evaluated since the last checkpoint. */
  #isChanged = false

  constructor(
    participants: readonly Participant[],
    sampler: Sampler,
    at: { readonly step: number; readonly totalSteps: number; readonly evaluatesFirst: boolean },
    ports: LockstepPorts,
  ) {
    this.participants = participants
    this.stepsPerEpoch = sampler.stepsPerEpoch
    this.totalSteps = at.totalSteps
    this.#sampler = sampler
    this.#evaluatesFirst = at.evaluatesFirst
    this.#ports = ports
    this.#step = at.step
    this.#finishedSteps = at.step
    this.#keptStep = at.step
    this.#keptAt = ports.elapsed()
  }

  /** The runs that still train. */
  active(): Participant[] {
    return this.participants.filter((participant) => participant.failure() === null)
  }

  /** Steps enqueued so far. */
  step(): number {
    return this.#step
  }

  /** Steps whose metrics are known. */
  finishedSteps(): number {
    return this.#finishedSteps
  }

  isSpent(): boolean {
    return this.#step >= this.totalSteps
  }

  secondsPerStep(): number | null {
    return this.#pace.secondsPerStep()
  }

  /** The clock stood still, or something else was done, until now. */
  restartPace(): void {
    this.#pace.restart(this.#ports.elapsed())
  }

  /** Adds epochs to every run's budget. */
  extend(epochs: number): void {
    this.totalSteps += epochs * this.stepsPerEpoch
    for (const participant of this.participants) {
      const { unit, amount } = participant.config().budget
      const more = unit === 'epoch' ? epochs : epochs * this.stepsPerEpoch
      participant.setBudget({ unit, amount: amount + more })
    }
  }

  /** Makes every run's trainer, one after another: kernels that one has compiled serve the next. */
  async compile(engine: Engine, { whiten, onProgress }: CompilePorts): Promise<void> {
    const active = this.active()
    for (const [index, participant] of active.entries()) {
      const at = { run: participant.run, index, count: active.length }
      onProgress(at, null)
      await participant.compile(engine, { whiten, onProgress: (progress) => onProgress(at, progress) })
    }
    this.#keptAt = this.#ports.elapsed()
    this.restartPace()
  }

  /** One step of every run. */
  async advance(): Promise<void> {
    const at = { step: this.#step, stepsPerEpoch: this.stepsPerEpoch, totalSteps: this.totalSteps }
    const batch = this.#sampler.batchAt(this.#step)
    if (this.active().some((participant) => participant.awaitsMetrics(at))) await this.settle()
    for (const participant of this.active()) participant.step(batch, at)
    this.#step++
    this.#stepsSinceReadBack++
    this.#isChanged = true
    await this.#readBackInTime()
  }

  isCheckpointOld(): boolean {
    return this.#ports.elapsed() - this.#keptAt >= CHECKPOINT_MS
  }

  /** The runs that have come to the end of an epoch, or of the budget, or are to begin, and were not evaluated there. */
  toEvaluate(): Participant[] {
    const isEnd = this.#step % this.stepsPerEpoch === 0 || this.isSpent()
    if (this.#step === 0 ? !this.#evaluatesFirst : !isEnd) return []
    return this.active().filter((participant) => participant.epochs().at(-1)?.step !== this.#step)
  }

  /** A run was evaluated: there is something new to keep. */
  evaluated(): void {
    this.#isChanged = true
  }

  /** Waits for every step enqueued so far. */
  async settle(): Promise<void> {
    await this.#readBack
    await this.#collect()
  }

  /**
   * Makes the settled state of every run its last finite one; where a read fails, that of none.
   * @returns whether there was anything new
   */
  async keep(): Promise<boolean> {
    await this.settle()
    if (!this.#isChanged) return false
    const active = this.active()
    const read = await allEnded(active.map((participant) => participant.read()))
    for (const [i, checkpoint] of read.entries()) active[i]?.keep(checkpoint)
    this.#isChanged = false
    this.#keptStep = this.#step
    this.#keptAt = this.#ports.elapsed()
    this.#tellFailed(active)
    await this.#ports.keep(
      this.active().map((participant) => ({ run: participant.run, checkpoint: participant.checkpoint() })),
    )
    return true
  }

  /** Back to the last checkpoint, without a device. */
  async rewind(): Promise<void> {
    // Metrics that are under way would otherwise count after it.
    await this.#readBack.catch(() => undefined)
    this.#step = this.#keptStep
    this.#finishedSteps = this.#keptStep
    this.#stepsSinceReadBack = 0
    this.#readBack = Promise.resolve()
    this.#isChanged = false
    for (const participant of this.active()) participant.rewind()
  }

  /** Asks for metrics now and then, and waits only for those asked for before: the device always has work queued. */
  async #readBackInTime(): Promise<void> {
    if (this.#stepsSinceReadBack < this.#pace.stepsPerReadBack()) return
    await this.#readBack
    this.#readBack = this.#collect()
    // Awaited at the next turn; until then a rejection is not an unhandled one.
    this.#readBack.catch(() => undefined)
  }

  async #collect(): Promise<void> {
    const steps = this.#stepsSinceReadBack
    this.#stepsSinceReadBack = 0
    if (steps === 0) return
    const active = this.active()
    const collected = await allEnded(active.map((participant) => participant.collect()))
    this.#finishedSteps += steps
    this.#pace.finished(steps, this.#ports.elapsed())
    for (const [i, points] of collected.entries()) {
      const run = active[i]?.run
      if (run !== undefined && points.length > 0) this.#ports.onSteps(run, points)
    }
    this.#tellFailed(active)
    this.#ports.onProgress()
  }

  #tellFailed(before: readonly Participant[]): void {
    const failed = before.filter((participant) => participant.failure() !== null)
    if (failed.length > 0) this.#ports.onFailed(failed)
  }
}

/** Like Promise.all, but rejects only when all have ended: what is still under way would change a run that has gone back. */
async function allEnded<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work)
  return Promise.all(work)
}
