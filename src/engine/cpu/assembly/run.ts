// Executes a program: a list of stages, each some lists of work that may be done in any order. Every thread walks the list,
// takes chunks of work by an atomic counter, and meets the others at the end of each stage. What a chunk is does not hang on
// the number of threads, and neither do the results.
import { call } from './kernels'
import { step } from './memory'

/** The threads' meeting place: how many have arrived, and how often they met. */
const ARRIVED: usize = 0
const MEETINGS: usize = 4
/** Looks at the meetings before a thread sleeps: waking one takes longer than most waits. */
const PATIENCE = 4000

@unmanaged
class Work {
  /** The next chunk that nobody has taken, and how many are done. */
  next: i32
  done: i32
  chunks: i32
  /** Units in a chunk, and in all of them; −1 for as many as the batch has images. */
  chunkUnits: i32
  units: i32
  /** Kernels of each chunk, then those that finish the whole: three words each, kernel, arguments, number. */
  calls: usize
  callCount: i32
  finishCount: i32
}

/** Milliseconds since any fixed moment; imported, as `now` of this file. */
declare function now(): f64

/**
 * @param stages addresses: a count, then the addresses of its works
 * @param times where to add the milliseconds of each kernel, by its number; 0 for nowhere
 */
export function run(stages: usize, first: i32, end: i32, threads: i32, times: usize): void {
  for (let i = first; i < end; i++) {
    const stage = load<usize>(stages + ((<usize>i) << 2))
    const works = load<i32>(stage)
    for (let j = 1; j <= works; j++) perform(changetype<Work>(load<usize>(stage + ((<usize>j) << 2))), times)
    meet(stage, threads)
  }
}

function perform(work: Work, times: usize): void {
  const at = changetype<usize>(work)
  const chunks = work.chunks
  const units = work.units < 0 ? step().images : work.units
  while (true) {
    const chunk = atomic.add<i32>(at, 1)
    if (chunk >= chunks) return
    const first = chunk * work.chunkUnits
    const count = min(work.chunkUnits, units - first)
    if (count > 0) {
      for (let i = 0; i < work.callCount; i++)
        enter(work.calls + <usize>i * ENTRY, first, count, chunk, times)
    }
    if (atomic.add<i32>(at + 4, 1) + 1 == chunks) {
      const callEnd = work.callCount + work.finishCount
      for (let i = work.callCount; i < callEnd; i++) enter(work.calls + <usize>i * ENTRY, 0, units, 0, times)
    }
  }
}

const ENTRY: usize = 12

function enter(entry: usize, first: i32, count: i32, chunk: i32, times: usize): void {
  if (times == 0) return call(load<i32>(entry), load<usize>(entry, 4), first, count, chunk)
  const begin = now()
  call(load<i32>(entry), load<usize>(entry, 4), first, count, chunk)
  const time = times + (load<usize>(entry, 8) << 3)
  store<f64>(time, load<f64>(time) + now() - begin)
}

/** Waits for all threads. The last of them makes the stage ready for its next run. */
function meet(stage: usize, threads: i32): void {
  const meetings = atomic.load<i32>(MEETINGS)
  if (atomic.add<i32>(ARRIVED, 1) + 1 == threads) {
    const works = load<i32>(stage)
    for (let j = 1; j <= works; j++) {
      const work = load<usize>(stage + ((<usize>j) << 2))
      atomic.store<i32>(work, 0)
      atomic.store<i32>(work + 4, 0)
    }
    atomic.store<i32>(ARRIVED, 0)
    atomic.add<i32>(MEETINGS, 1)
    atomic.notify(MEETINGS, threads)
    return
  }
  for (let i = 0; i < PATIENCE; i++) if (atomic.load<i32>(MEETINGS) != meetings) return
  while (atomic.load<i32>(MEETINGS) == meetings) atomic.wait<i32>(MEETINGS, meetings, -1)
}
