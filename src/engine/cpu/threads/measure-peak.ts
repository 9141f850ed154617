// How many floating-point operations a second all threads together can do at most.
import { encodeProgram } from '../encode-program.ts'
import type { Executor } from './executor.ts'
import { PAGE_BYTES } from '../network-plan.ts'
import { callOf, type Work } from '../lowering/work.ts'

/** A millisecond or so of a thread. */
const ROUNDS = 500_000
const FLOPS_A_ROUND = 12 * 4 * 2
const CHUNKS_A_THREAD = 16
const MEASUREMENTS = 9
/** The first page is the threads', in the second lie the results, in the third the program. */
const PAGES = 3

/** @returns the best of several measurements, in 10⁹ a second */
export async function measurePeak(executor: Executor, now: () => number): Promise<number> {
  const chunks = CHUNKS_A_THREAD * executor.threads
  const calls = [callOf('peak', { rounds: ROUNDS, result: PAGE_BYTES })]
  const work: Work = { units: chunks, chunkUnits: 1, chunks, calls, finish: [] }
  const program = { stages: [{ works: [work] }], places: new Map(), arenaBytes: 0, ownBytes: 0 }
  const { words, stages, address } = encodeProgram(program, { areas: {}, arena: 0 }, 2 * PAGE_BYTES)
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true })
  new Int32Array(memory.buffer, address, words.length).set(words)
  const nowhere = { address: 0, bytes: 0 }
  const attached = await executor.attach(memory, nowhere, nowhere)
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < MEASUREMENTS; i++) {
    const begin = now()
    await attached.run({ stages, first: 0, end: 1 }, false)
    best = Math.min(best, now() - begin)
  }
  attached.detach()
  return (chunks * ROUNDS * FLOPS_A_ROUND) / best / 1e6
}
