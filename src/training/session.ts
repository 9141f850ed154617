// The training loop: one run, or two in lockstep on the same batches. It enqueues steps ahead of the device, reads
// metrics back in bulk, evaluates at the end of each epoch, and lets a person pause, step, stop and go on.
import { AppError, type Failure, toFailure } from '../contract/app-error.ts'
import { DATA_SETS, type DataSetId, type Split } from '../contract/data-set.ts'
import type { Progress, SessionState, TrainEvent } from '../contract/events.ts'
import type { RunConfig } from '../contract/run-config.ts'
import { totalSteps } from '../contract/schedule.ts'
import type { ImageSet } from '../data/image-set.ts'
import type { Engine } from '../engine/engine.ts'
import { assertLockstep } from './lockstep.ts'
import { epochLine, startLine } from './log-lines.ts'
import { createPace } from './pace.ts'
import { createParticipant, type Participant, type RunSnapshot } from './participant.ts'
import { createSampler, type Sampler } from './sampler.ts'
import { createTurnstile } from './turnstile.ts'

export type SessionPorts = {
  readonly engine: () => Promise<Engine>
  readonly loadImages: (set: DataSetId, split: Split, limit: number | null) => Promise<ImageSet>
  readonly emit: (event: TrainEvent) => void
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Gives the event loop a turn, so that commands are heard. */
  readonly breathe: () => Promise<void>
}

export type SessionRequest = {
  readonly session: string
  readonly runs: readonly { readonly run: string; readonly config: RunConfig }[]
  readonly paused: boolean
}

type Prepared = { readonly sampler: Sampler; readonly test: ImageSet }

/** The states that a session never leaves. */
const TERMINAL: ReadonlySet<SessionState> = new Set(['stopped', 'failed'])

export class Session {
  readonly id: string
  readonly #request: SessionRequest
  readonly #ports: SessionPorts
  readonly #turnstile
  readonly #pace = createPace()
  readonly #ended: Promise<void>
  #participants: Participant[] = []
  #state: SessionState = 'preparing'
  #stateSince: number
  #busyMs = 0
  #step = 0
  #finishedSteps = 0
  #totalSteps = 0
  #stepsPerEpoch = 1
  #stepsSinceReadBack = 0
  /** The step under way was let through a closed turnstile: the evaluation that it ends in is not held up. */
  #isSingleStep = false
  #readBack: Promise<void> = Promise.resolve()
  #evaluated: Progress['evaluated'] = null
  #evaluationSeconds = 0

  /** Begins at once. Failures end the session in state `failed`; nothing here rejects or throws later. */
  constructor(request: SessionRequest, ports: SessionPorts) {
    this.id = request.session
    this.#request = request
    this.#ports = ports
    this.#turnstile = createTurnstile(request.paused)
    this.#stateSince = ports.now()
    this.#ended = this.#run()
  }

  pause(): void {
    this.#turnstile.pause()
  }

  resume(): void {
    this.#turnstile.resume()
  }

  /** One optimiser step of every run, with the evaluation where it ends an epoch; then paused. */
  step(): void {
    this.#turnstile.step()
  }

  /** Ends training for good; weights stay readable until `dispose`. */
  stop(): void {
    this.#turnstile.stop()
  }

  /** Adds epochs to the budget; a finished session goes on. */
  extend(epochs: number): void {
    this.#totalSteps += epochs * this.#stepsPerEpoch
    for (const participant of this.#participants) {
      const { unit, amount } = participant.config().budget
      participant.setBudget({
        unit,
        amount: amount + (unit === 'epoch' ? epochs : epochs * this.#stepsPerEpoch),
      })
    }
    this.#announce(null)
    this.#turnstile.resume()
  }

  /** Ends training because of something outside the loop, such as a lost device. Reading gives the last good states. */
  fail(error: unknown): void {
    const failure = toFailure(error)
    for (const participant of this.#participants) participant.abandon(failure)
    this.#enter('failed', { failure })
    this.#turnstile.stop()
  }

  /**
   * A run after its last step; after a failure, as it was last known good.
   * @throws AppError `session-unknown` for a run of another session, or before it is prepared
   */
  async read(run: string): Promise<RunSnapshot> {
    const participant = this.#participants.find((other) => other.run === run)
    if (!participant) {
      throw new AppError('session-unknown', `Run ${run} holds no weights now. Train it, then export.`)
    }
    return participant.snapshot()
  }

  async dispose(): Promise<void> {
    this.#turnstile.stop()
    if (this.#state !== 'failed') await this.#ended
    for (const participant of this.#participants) participant.dispose()
    this.#participants = []
  }

  async #run(): Promise<void> {
    try {
      const prepared = await this.#prepare()
      while (await this.#mayStep()) await this.#advance(prepared)
      const failed = this.#participants.find((participant) => participant.failure() !== null)
      if (this.#active().length === 0 && failed) this.#enter('failed', { failure: failed.failure() })
      else await this.#leave()
    } catch (error) {
      if (this.#turnstile.isStopped() && error instanceof AppError && error.code === 'aborted')
        this.#enter('stopped')
      else this.fail(error)
    }
  }

  async #leave(): Promise<void> {
    await this.#settle()
    this.#enter('stopped')
  }

  async #prepare(): Promise<Prepared> {
    const configs = this.#request.runs.map(({ config }) => config)
    const [config] = configs
    if (!config) throw new AppError('config-invalid', 'A session needs at least one run.')
    assertLockstep(configs)
    const { set, limitTrain, limitTest } = config.data
    this.#announce(`reading ${DATA_SETS[set].title}`)
    const train = await this.#ports.loadImages(set, 'train', limitTrain)
    const test = await this.#ports.loadImages(set, 'test', limitTest)
    const sampler = createSampler(train, config)
    this.#stepsPerEpoch = sampler.stepsPerEpoch
    this.#totalSteps = totalSteps(config.budget, sampler.stepsPerEpoch)
    this.#announce('starting the device')
    const engine = await this.#ports.engine()
    for (const request of this.#request.runs) {
      this.#announce(`compiling network ${this.#participants.length + 1} of ${configs.length}`)
      this.#participants.push(await createParticipant(request.run, request.config, engine, train))
      this.#log(request.run, 'info', startLine(request.config, train, test))
    }
    this.#pace.restart(this.#ports.now())
    return { sampler, test }
  }

  /** Waits while the session is paused or its budget is spent; false when it is over. */
  async #mayStep(): Promise<boolean> {
    for (;;) {
      await this.#ports.breathe()
      if (this.#turnstile.isStopped() || this.#active().length === 0) return false
      const spent = this.#step >= this.#totalSteps
      if (!spent && this.#turnstile.isOpen()) {
        this.#enter('running')
        return true
      }
      await this.#wait(spent ? 'finished' : 'paused')
    }
  }

  async #wait(state: 'paused' | 'finished'): Promise<void> {
    const changed = this.#turnstile.changed()
    await this.#settle()
    this.#enter(state)
    this.#reportProgress()
    await changed
    this.#pace.restart(this.#ports.now())
  }

  async #advance({ sampler, test }: Prepared): Promise<void> {
    const at = { step: this.#step, stepsPerEpoch: this.#stepsPerEpoch, totalSteps: this.#totalSteps }
    this.#isSingleStep = this.#turnstile.taken()
    const batch = sampler.batchAt(this.#step)
    for (const participant of this.#active()) participant.step(batch, at)
    this.#step++
    this.#stepsSinceReadBack++
    await this.#readBackInTime()
    if (this.#step % this.#stepsPerEpoch === 0 || this.#step === this.#totalSteps) await this.#endEpoch(test)
    this.#isSingleStep = false
  }

  /** Asks for metrics now and then, and waits only for those asked for before: the device always has work queued. */
  async #readBackInTime(): Promise<void> {
    if (this.#stepsSinceReadBack < this.#pace.stepsPerReadBack()) return
    await this.#readBack
    this.#readBack = this.#collect()
    // Awaited at the next turn; until then a rejection is not an unhandled one.
    this.#readBack.catch(() => undefined)
  }

  /** Waits for every step enqueued so far. */
  async #settle(): Promise<void> {
    await this.#readBack
    await this.#collect()
  }

  async #collect(): Promise<void> {
    const steps = this.#stepsSinceReadBack
    this.#stepsSinceReadBack = 0
    if (steps === 0) return
    const active = this.#active()
    const collected = await Promise.all(active.map((participant) => participant.collect()))
    this.#finishedSteps += steps
    this.#pace.finished(steps, this.#ports.now())
    for (const [i, points] of collected.entries()) {
      const run = active[i]?.run
      if (run !== undefined && points.length > 0) this.#ports.emit({ kind: 'steps', run, points })
    }
    this.#reportFailures(active)
    this.#reportProgress()
  }

  async #endEpoch(test: ImageSet): Promise<void> {
    await this.#settle()
    const begun = this.#ports.now()
    const epoch = Math.ceil(this.#step / this.#stepsPerEpoch)
    const active = this.#active()
    this.#enter('evaluating')
    for (const [i, participant] of active.entries()) {
      const at = { epoch, step: this.#step }
      const ended = await participant.endEpoch(at, test, async (done) => {
        this.#evaluated = { images: i * test.count + done, total: active.length * test.count }
        await this.#mayEvaluate()
      })
      if (!ended) continue
      this.#ports.emit({ kind: 'epoch', run: participant.run, ...at, ...ended })
      this.#log(participant.run, 'info', epochLine(epoch, ended.train, ended.test))
    }
    this.#evaluated = null
    this.#reportFailures(active)
    this.#evaluationSeconds = (this.#ports.now() - begun) / 1000
    this.#pace.restart(this.#ports.now())
  }

  /** @throws AppError `aborted` once the session is stopped */
  async #mayEvaluate(): Promise<void> {
    await this.#ports.breathe()
    const isHeld = () => !this.#turnstile.isOpen() && !this.#isSingleStep && !this.#turnstile.isStopped()
    while (isHeld()) await this.#wait('paused')
    if (this.#turnstile.isStopped())
      throw new AppError('aborted', 'The session was stopped during an evaluation.')
    this.#enter('evaluating')
    this.#reportProgress()
  }

  #active(): Participant[] {
    return this.#participants.filter((participant) => participant.failure() === null)
  }

  #enter(state: SessionState, { failure = null }: { failure?: Failure | null } = {}): void {
    if (this.#state === state || TERMINAL.has(this.#state)) return
    this.#busyMs = this.#busyUntilNow()
    this.#stateSince = this.#ports.now()
    this.#state = state
    this.#announce(null, failure)
    if (failure) this.#log(null, 'error', failure.message)
  }

  /** Milliseconds spent training and evaluating. */
  #busyUntilNow(): number {
    const busy = this.#state === 'running' || this.#state === 'evaluating'
    return this.#busyMs + (busy ? this.#ports.now() - this.#stateSince : 0)
  }

  #announce(phase: string | null, failure: Failure | null = null): void {
    const { session, runs } = this.#request
    this.#ports.emit({
      kind: 'session',
      session,
      state: this.#state,
      phase,
      failure,
      runs: runs.map(({ run, config }) => {
        const participant = this.#participants.find((other) => other.run === run)
        return { run, config: participant?.config() ?? config, failure: participant?.failure() ?? null }
      }),
    })
  }

  /** Says which of these runs have just failed; the session goes on with the others. */
  #reportFailures(before: readonly Participant[]): void {
    const failed = before.filter((participant) => participant.failure() !== null)
    if (failed.length === 0) return
    for (const participant of failed) {
      this.#log(participant.run, 'error', participant.failure()?.message ?? '')
    }
    this.#announce(null)
  }

  #reportProgress(): void {
    const secondsPerStep = this.#pace.secondsPerStep()
    const perEpoch = this.#stepsPerEpoch
    const left = this.#totalSteps - this.#finishedSteps
    const epochsLeft = Math.ceil(left / perEpoch)
    const batch = this.#request.runs[0]?.config.batchSize ?? 0
    const epoch = Math.ceil(this.#finishedSteps / perEpoch)
    this.#ports.emit({
      kind: 'progress',
      session: this.id,
      progress: {
        step: this.#finishedSteps,
        totalSteps: this.#totalSteps,
        epoch,
        totalEpochs: Math.ceil(this.#totalSteps / perEpoch),
        stepInEpoch: this.#finishedSteps - Math.max(0, epoch - 1) * perEpoch,
        stepsPerEpoch: perEpoch,
        imagesPerSecond: secondsPerStep === null ? null : batch / secondsPerStep,
        secondsElapsed: this.#busyUntilNow() / 1000,
        secondsLeft:
          secondsPerStep === null ? null : left * secondsPerStep + epochsLeft * this.#evaluationSeconds,
        evaluated: this.#evaluated,
      },
    })
  }

  #log(run: string | null, level: 'info' | 'warning' | 'error', text: string): void {
    this.#ports.emit({ kind: 'log', run, at: this.#ports.now(), level, text })
  }
}
