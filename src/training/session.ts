// A session: one run, or two in lockstep. It enqueues steps ahead of the device, evaluates at the end of each epoch, lets
// a person pause, step, stop and go on, and goes on from the last checkpoint by itself where a device is lost.
import { AppError, toFailure } from '../base/app-error.ts'
import { DATA_SETS } from '../base/data-set.ts'
import type { Progress } from '../contract/events.ts'
import { totalSteps } from '../config/schedule.ts'
import { lastEngine } from '../contract/trained-engines.ts'
import type { EngineName } from '../contract/device-info.ts'
import type { Engine, Whitening } from '../engine/engine.ts'
import { firstCheckpoint } from './checkpoint.ts'
import { evaluateEpoch } from './evaluate-epoch.ts'
import { Lockstep } from './lockstep.ts'
import { compilingPhase, engineChangeLine, memoryLine, startLine, whiteningPhase } from './format-log.ts'
import { createParticipant, type Participant, type RunSnapshot } from './participant.ts'
import { loadRunImages, type RunImages } from './run-images.ts'
import { createSampler } from './sampler.ts'
import { createSessionReport } from './session-report.ts'
import type { SessionPorts } from './session-ports.ts'
import { assertLockstep, type SessionRequest } from './session-request.ts'
import { createRunControl } from './run-control.ts'
import type { WhiteningOrder } from './whitening/compute-whitening.ts'

export class Session {
  readonly id: string
  readonly #request: SessionRequest
  readonly #ports: SessionPorts
  readonly #report
  readonly #control
  readonly #ended: Promise<void>
  /** Null until it is prepared. */
  #runs: Lockstep | null = null
  #engine: Engine | null = null
  /** Why nothing that the engine computes is right any more. */
  #loss: AppError | null = null
  /** Its trainers are gone with an engine that was closed; whatever goes on is compiled anew. */
  #isReleased = false
  /** A device was lost and replaced since the last checkpoint. */
  #isReplaced = false
  /** The step under way was let through a closed control: the evaluation that it ends in is not held up. */
  #isSingleStep = false
  #isCheckpointWanted = false
  #evaluated: Progress['evaluated'] = null
  #evaluationSeconds = 0

  /** Begins at once. Failures end the session in state `failed`; nothing here rejects or throws later. */
  constructor(request: SessionRequest, ports: SessionPorts) {
    this.id = request.session
    this.#request = request
    this.#ports = ports
    this.#control = createRunControl(request.paused)
    this.#report = createSessionReport(request.session, () => this.#describeRuns(), ports, request.seconds)
    this.#ended = this.#run()
  }

  pause(): void {
    this.#control.pause()
  }

  resume(): void {
    this.#control.resume()
  }

  /** One optimiser step of every run, with the evaluation where it ends an epoch; then paused. */
  step(): void {
    this.#control.step()
  }

  /** Ends training for good; weights stay readable until `dispose`. */
  stop(): void {
    this.#control.stop()
  }

  /** Adds epochs to the budget; a finished session goes on. */
  extend(epochs: number): void {
    this.#runs?.extend(epochs)
    this.#report.announce()
    this.#control.resume()
  }

  /** Takes a checkpoint after the step under way. */
  keep(): void {
    this.#isCheckpointWanted = true
    this.#control.wake()
  }

  /** Whether its runs' weights can be read here. */
  trains(run: string): boolean {
    return this.#participant(run) !== undefined
  }

  /** Something outside found that the engine has failed; the session goes on with another. */
  loseEngine(error: AppError): void {
    this.#loss ??= error
    this.#control.wake()
  }

  /** Lets go of an engine that is about to be closed. Only of a session that has ended: an extended one is compiled anew. */
  release(): void {
    this.#isReleased = true
    for (const participant of this.#runs?.participants ?? []) participant.dispose()
  }

  /** The engine that trains it; null before it is compiled. */
  trainedWith(): EngineName | null {
    return lastEngine(this.#runs?.active()[0]?.engines() ?? [])
  }

  /**
   * A run after its last step; after a failure, as it was last with finite values.
   * @throws AppError `session-unknown` for a run of another session, or before it is prepared
   */
  async read(run: string): Promise<RunSnapshot> {
    const participant = this.#participant(run)
    if (!participant) {
      throw new AppError('session-unknown', `Run ${run} has no weights in memory; train it again.`)
    }
    return participant.snapshot()
  }

  async dispose(): Promise<void> {
    this.#control.stop()
    await this.#ended
    for (const participant of this.#runs?.participants ?? []) participant.dispose()
    this.#runs = null
  }

  async #run(): Promise<void> {
    try {
      const { runs, images } = await this.#prepare()
      while (!(await this.#trainOnOneDevice(runs, images)));
      const failure = runs.participants.map((participant) => participant.failure()).find(Boolean)
      if (failure && runs.active().length === 0) this.#report.enter('failed', failure)
      else this.#report.enter('stopped')
    } catch (error) {
      const failure = toFailure(error)
      for (const participant of this.#runs?.participants ?? []) {
        participant.abandon(failure)
        participant.dispose()
      }
      this.#report.enter('failed', failure)
    }
  }

  async #prepare(): Promise<{ runs: Lockstep; images: RunImages }> {
    const config = assertLockstep(this.#request.runs)
    this.#report.prepare(`reading ${DATA_SETS[config.data.set].title}`)
    const images = await loadRunImages(config, this.#ports.loadImages)
    const sampler = createSampler(images.train, config)
    const step = this.#request.runs[0]?.from?.state.steps ?? 0
    const participants = this.#request.runs.map((request) => {
      this.#report.log(request.run, 'info', startLine(request.config, images, step))
      return createParticipant(
        request.run,
        request.config,
        request.from ?? firstCheckpoint(request.config),
        images.train,
      )
    })
    const at = {
      step,
      totalSteps: totalSteps(config.budget, sampler.stepsPerEpoch),
      evaluatesFirst: config.evaluateFirst,
    }
    const runs = new Lockstep(participants, sampler, at, {
      onSteps: (run, points) => this.#ports.emit({ kind: 'steps', run, points }),
      onProgress: () => this.#reportProgress(),
      onFailed: (failed) => this.#reportFailures(failed),
      keep: async (checkpoints) => this.#ports.keep?.(checkpoints),
      elapsed: this.#ports.elapsed,
    })
    this.#runs = runs
    return { runs, images }
  }

  /**
   * Trains to the end; false where the device was lost before, or closed, and the runs are back at their last checkpoint.
   * @throws AppError the reason why the session cannot go on
   */
  async #trainOnOneDevice(runs: Lockstep, images: RunImages): Promise<boolean> {
    try {
      await this.#compile(runs)
      if (await this.#train(runs, images)) return true
      await runs.rewind()
      this.#report.enter('preparing')
      return false
    } catch (error) {
      if (isAborted(error) && this.#control.isStopped()) return true
      const loss = this.#loss ?? error
      if (!(loss instanceof AppError) || loss.code !== 'device-lost') throw loss
      const before = runs.step()
      await runs.rewind()
      for (const { run } of runs.active()) this.#ports.emit({ kind: 'rewound', run, step: runs.step() })
      if (this.#control.isStopped()) return true
      // A device that fails twice at the same place would fail there for ever.
      if (this.#isReplaced) throw lostAgain(loss, runs.step())
      this.#loss = loss
      this.#isReplaced = true
      this.#report.notice(
        `${loss.message} This was at step ${before}; training continues from the checkpoint of step ${runs.step()}.`,
      )
      this.#report.enter('preparing')
      return false
    }
  }

  async #compile(runs: Lockstep): Promise<void> {
    this.#report.prepare('starting the device')
    const engine = await this.#ports.engine(this.#loss && this.#engine)
    this.#engine = engine
    this.#loss = null
    this.#isReleased = false
    for (const participant of runs.active()) {
      const { engines, state } = participant.checkpoint()
      const line = engineChangeLine(engines, engine.info.engine, state.steps)
      if (line !== null) this.#report.log(participant.run, 'warning', line)
    }
    await runs.compile(engine, {
      whiten: (order) => this.#whiten(order, engine),
      onProgress: ({ run, index, count }, progress) => {
        if (progress?.kind === 'memory') return this.#report.log(run, 'info', memoryLine(progress.bytes))
        this.#report.prepare(compilingPhase(progress?.stage ?? 'compile', index, count), progress)
      },
    })
  }

  /** Reports how far it is. Stopping the session ends it, and so does the loss of the device. */
  #whiten(order: WhiteningOrder, engine: Engine): Promise<Whitening> {
    const begun = this.#ports.elapsed()
    let told = ''
    return this.#ports.whiten(order, engine, async (share) => {
      await this.#ports.yieldToEventLoop()
      this.#assertEngine()
      if (this.#control.isStopped()) throw new AppError('aborted', 'The whitening was stopped.')
      const phase = whiteningPhase(share, (this.#ports.elapsed() - begun) / 1000)
      if (phase !== told) this.#report.prepare(phase)
      told = phase
    })
  }

  /** False once it is to go on after its engine was closed. */
  async #train(runs: Lockstep, images: RunImages): Promise<boolean> {
    for (;;) {
      await this.#ports.yieldToEventLoop()
      this.#assertEngine()
      if (this.#control.isStopped() || runs.active().length === 0) break
      if (this.#isReleased && !runs.isSpent()) return false
      if (runs.toEvaluate().length > 0) await this.#evaluate(runs, images)
      else if (runs.isSpent()) await this.#wait(runs, 'finished')
      else if (this.#control.isOpen()) await this.#advance(runs)
      else await this.#wait(runs, 'paused')
    }
    await this.#checkpoint(runs)
    return true
  }

  /** @throws AppError the engine's failure, where something outside the loop found it */
  #assertEngine(): void {
    if (this.#loss) throw this.#loss
  }

  async #wait(runs: Lockstep, state: 'paused' | 'finished'): Promise<void> {
    const changed = this.#control.changed()
    await this.#checkpoint(runs)
    this.#report.enter(state)
    this.#reportProgress()
    await changed
    runs.restartPace()
  }

  async #advance(runs: Lockstep): Promise<void> {
    this.#report.enter('running')
    this.#isSingleStep = this.#control.consumeStep()
    await runs.advance()
    if (this.#isCheckpointWanted || runs.isCheckpointOld()) await this.#checkpoint(runs)
  }

  async #checkpoint(runs: Lockstep): Promise<void> {
    this.#isCheckpointWanted = false
    if (await runs.keep()) this.#isReplaced = false
  }

  /** Ends an epoch. Where the session is stopped meanwhile, the evaluations that are left out are still to be done. */
  async #evaluate(runs: Lockstep, images: RunImages): Promise<void> {
    await runs.settle()
    const begun = this.#ports.elapsed()
    const due = runs.toEvaluate()
    await evaluateEpoch(runs, images, {
      between: (evaluated) => this.#mayEvaluate(runs, evaluated),
      now: this.#ports.now,
      emit: this.#ports.emit,
      log: (run, text) => this.#report.log(run, 'info', text),
    })
    this.#evaluated = null
    this.#reportFailures(due)
    this.#evaluationSeconds = (this.#ports.elapsed() - begun) / 1000
    await this.#checkpoint(runs)
    runs.restartPace()
    // What follows may be the end, of which nothing else says that no image is being tested any more.
    this.#reportProgress()
  }

  /** Before each batch of an evaluation; false once the session is stopped. @throws AppError the engine's failure */
  async #mayEvaluate(runs: Lockstep, evaluated: Progress['evaluated']): Promise<boolean> {
    this.#evaluated = evaluated
    await this.#ports.yieldToEventLoop()
    const isHeld = () => !this.#control.isOpen() && !this.#isSingleStep && !this.#control.isStopped()
    while (!this.#loss && isHeld()) await this.#wait(runs, 'paused')
    this.#assertEngine()
    if (this.#control.isStopped()) return false
    this.#report.enter('evaluating')
    this.#reportProgress()
    return true
  }

  #participant(run: string): Participant | undefined {
    return this.#runs?.participants.find((participant) => participant.run === run)
  }

  #describeRuns() {
    return this.#request.runs.map(({ run, config }) => {
      const participant = this.#participant(run)
      return { run, config: participant?.config() ?? config, failure: participant?.failure() ?? null }
    })
  }

  /** Says which of these runs have failed; the session goes on with the others. */
  #reportFailures(runs: readonly Participant[]): void {
    const failed = runs.filter((participant) => participant.failure() !== null)
    for (const participant of failed) {
      this.#report.log(participant.run, 'error', participant.failure()?.message ?? '')
    }
    if (failed.length > 0) this.#report.announce()
  }

  #reportProgress(): void {
    if (!this.#runs) return
    this.#report.progress({
      step: this.#runs.finishedSteps(),
      totalSteps: this.#runs.totalSteps,
      stepsPerEpoch: this.#runs.stepsPerEpoch,
      batchSize: this.#request.runs[0]?.config.batchSize ?? 0,
      secondsPerStep: this.#runs.secondsPerStep(),
      secondsPerEvaluation: this.#evaluationSeconds,
      evaluated: this.#evaluated,
    })
  }
}

const isAborted = (error: unknown): boolean => error instanceof AppError && error.code === 'aborted'

function lostAgain(loss: AppError, step: number): AppError {
  return new AppError(
    'device-lost',
    `${loss.message} It was the second time after step ${step}, whose weights are kept; close other programs that use the graphics card, then train again.`,
    { cause: loss },
  )
}
