// What the queue's panel says.
import type { QueueState } from '../../contract/events.ts'
import { DATA_SETS } from '../../base/data-set.ts'
import { networkName } from '../../network/format-network.ts'
import { type Side, sideOf } from '../../runs/pair.ts'
import type { QueuedSession } from '../../runs/queue-order.ts'
import { runLength } from '../../runs/run-length.ts'
import type { Sweep } from '../../runs/sweep.ts'
import { count } from '../charts/curve-values.ts'

const SIDE_TITLES: Readonly<Record<string, string>> = {
  ab: 'A and B',
  a: 'A, with identity',
  b: 'B, without identity',
}

/** "A and B" */
export const formatSides = (sides: readonly Side[]): string => SIDE_TITLES[sides.join('')] ?? ''

/** What a session trains, and with what. */
export function formatSession({ runs }: Pick<QueuedSession, 'runs'>): { title: string; detail: string } {
  const config = runs[0]?.config
  if (!config) return { title: '', detail: '' }
  const { epochs, trainImages } = runLength(config)
  const sides = runs.map((run) => sideOf(run.config)).toSorted()
  return {
    title: `${networkName(config.network)}: ${formatSides(sides)}`,
    detail: `seed ${config.seed}, ${several(epochs, 'epoch')} of ${several(trainImages, 'image')} of ${DATA_SETS[config.data.set].title}`,
  }
}

export type QueueSituation = {
  readonly state: QueueState
  readonly waiting: number
  /** What is in training or paused in this tab, and whether it came from the queue. */
  readonly inTraining: { readonly isQueued: boolean; readonly isPaused: boolean } | null
}

/** Announced when it changes. */
export function formatQueue({ state, waiting, inTraining }: QueueSituation): string {
  const queued = waiting === 0 ? 'queue empty' : `${count(waiting)} queued`
  if (state === 'elsewhere') return `The queue is running in another tab · ${queued}`
  if (state === 'held') return `Queue paused · ${queued}`
  if (waiting === 0) return 'Queue empty'
  if (inTraining?.isPaused) return `Session paused · ${queued}`
  if (inTraining && !inTraining.isQueued) return `${capital(queued)} · waiting for the current session`
  return `Running · ${queued}`
}

/** What a person may wonder; null where there is nothing to say. */
export function queueHint({ state, waiting, inTraining }: QueueSituation): string | null {
  if (state === 'held' && inTraining && waiting > 0) {
    return 'The current session finishes; no new one starts.'
  }
  if (state === 'going' && inTraining?.isQueued && waiting > 0) {
    return 'Stop ends the current session and starts the next one. To train manually, pause the queue first.'
  }
  return null
}

/** What "Add to queue" would add. @param seed of the set-up */
export function formatSweep({ sides, seeds, depths }: Sweep, seed: number): string {
  const sessions = seeds * Math.max(1, depths.length)
  const layers = depths.length > 0 ? `${list(depths)} layers, ` : ''
  const formatSeeds = seeds === 1 ? `seed ${seed}` : `seeds ${seed} to ${seed + seeds - 1}`
  return `${several(sessions, 'session')} of ${several(sides.length, 'run')}: ${layers}${formatSeeds}.`
}

const several = (value: number, noun: string) => `${count(value)} ${noun}${value === 1 ? '' : 's'}`
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** "8, 14 and 20" */
function list(values: readonly number[]): string {
  const last = values.at(-1)
  return values.length < 2 ? String(last ?? '') : `${values.slice(0, -1).join(', ')} and ${last}`
}
