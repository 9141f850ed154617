// One piece of work on a data set at a time: here, and, by a lock, in the browser's other tabs.
import { AppError } from '../base/app-error.ts'
import { DATA_SETS, type DataSetId } from '../base/data-set.ts'
import type { Release } from './tab-lock.ts'

export type SetJobs = {
  isBusy(set: DataSetId): boolean
  /**
   * Does `work` once what is under way on the set has ended.
   * @throws what `work` throws; AppError `aborted` where it was ended, `storage-failed` where another tab is at work
   */
  run(set: DataSetId, work: (signal: AbortSignal) => Promise<void>): Promise<void>
  /** Aborts the signal of what is under way on a set, and resolves when it has ended. */
  end(set: DataSetId): Promise<void>
}

type Outcome = { readonly failure: unknown }
type Job = { readonly controller: AbortController; readonly outcome: Promise<Outcome> }

/**
 * @param restOf what there is to say of a set after a job; `failure` is null where there is none, or the job was ended
 * @param say called when the set is free for the next job
 */
export function createSetJobs<Rest>(
  claim: (set: DataSetId) => Promise<Release | null>,
  restOf: (set: DataSetId, failure: unknown) => Promise<Rest>,
  say: (set: DataSetId, rest: Rest) => void,
): SetJobs {
  const jobs = new Map<DataSetId, Job>()

  async function perform(
    set: DataSetId,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<Outcome> {
    let failure: unknown = null
    try {
      const release = await claim(set)
      if (!release) throw busyElsewhere(set)
      await work(signal).finally(release)
    } catch (error) {
      failure = error
    }
    if (failure !== null && signal.aborted)
      failure = new AppError('aborted', `${DATA_SETS[set].title} was cancelled.`)
    const rest = await restOf(set, signal.aborted ? null : failure)
    jobs.delete(set)
    say(set, rest)
    return { failure }
  }

  return {
    isBusy: (set) => jobs.has(set),
    async run(set, work) {
      for (let job = jobs.get(set); job; job = jobs.get(set)) await job.outcome
      const controller = new AbortController()
      const outcome = perform(set, controller.signal, work)
      jobs.set(set, { controller, outcome })
      const { failure } = await outcome
      if (failure !== null) throw failure
    },
    async end(set) {
      const job = jobs.get(set)
      job?.controller.abort()
      await job?.outcome
    },
  }
}

function busyElsewhere(set: DataSetId): AppError {
  return new AppError(
    'storage-failed',
    `Another tab of this browser is at work on ${DATA_SETS[set].title}; wait for it, or close it and try again.`,
  )
}
