// The benchmark itself, the same in a page and in Node: every contender trains the same network, in turns.
import { type Cell, type CellContext, createCell } from './cell.ts'
import type { Contender, EngineName } from './contender.ts'
import type { BenchEvent } from './events.ts'
import { createLossCheck } from './loss-check.ts'
import type { NetworkName } from './networks.ts'
import { reasonOf } from './reason-of.ts'
import type { Slices } from './schedule.ts'
import { createTask } from './task.ts'

export type BenchRequest = Slices & {
  readonly networks: readonly NetworkName[]
  /** In the order of their turns; the first sets the losses that the others must match. */
  readonly engines: readonly EngineName[]
  /** Images of a step. */
  readonly batch: number
}

export type BenchPorts = {
  /** @throws where the engine is not to be had here */
  readonly open: (engine: EngineName) => Promise<Contender>
  readonly emit: (event: BenchEvent) => void
  /** Milliseconds since some moment. */
  readonly now: () => number
}

/** A contender that fails has no more turns with that network; the others go on. */
export async function runBenchmark(request: BenchRequest, ports: BenchPorts): Promise<void> {
  const contenders = await openContenders(request, ports)
  try {
    for (const network of request.networks) {
      const task = createTask(network, request.batch)
      await runRounds(contenders, { ...ports, task, losses: createLossCheck(), slices: request })
    }
  } finally {
    for (const contender of contenders.values()) contender.dispose()
  }
}

async function openContenders(
  { engines, networks }: BenchRequest,
  { open, emit }: BenchPorts,
): Promise<Map<EngineName, Contender>> {
  const contenders = new Map<EngineName, Contender>()
  for (const engine of engines) {
    try {
      const contender = await open(engine)
      contenders.set(engine, contender)
      emit({ kind: 'opened', engine, adapter: contender.adapter })
    } catch (error) {
      for (const network of networks) emit({ kind: 'failed', network, engine, reason: reasonOf(error) })
    }
  }
  return contenders
}

async function runRounds(
  contenders: ReadonlyMap<EngineName, Contender>,
  context: CellContext,
): Promise<void> {
  const { task, slices, emit } = context
  const cells = new Map<EngineName, Cell>()

  async function attempt(engine: EngineName, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      emit({ kind: 'failed', network: task.network, engine, reason: reasonOf(error) })
      disposeFailed(cells.get(engine))
      cells.delete(engine)
    }
  }

  for (const [engine, contender] of contenders) {
    await attempt(engine, async () => {
      cells.set(engine, await createCell(engine, contender, context))
    })
  }
  for (let round = 0; round < slices.rounds; round++) {
    for (const [engine, cell] of cells) {
      await attempt(engine, () => cell.takeTurn(round))
    }
  }
  for (const cell of cells.values()) cell.dispose()
}

function disposeFailed(cell: Cell | undefined): void {
  try {
    cell?.dispose()
  } catch {
    // What failed may fail again on its way out; why it failed first has been told.
  }
}
