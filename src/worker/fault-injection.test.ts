// Every call to the storage, the engine, a lock and the other tabs fails in turn, and then all from it on. Either what was
// asked goes on, or it fails with a sentence; what was stored is whole, and the next command works. Here a sample, another
// with FAULTS=<seed>; all with `FAULTS=all npx vitest run --project unit src/worker/fault-injection.test.ts`.
import 'fake-indexeddb/auto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandom } from '../base/random.ts'
import { nodeCpuHost } from '../cli/device/node-cpu-host.ts'
import { createCpuEngine } from '../engine/cpu/cpu-engine.ts'
import type { Engine } from '../engine/engine.ts'
import { type EngineFault, NO_FAULT } from '../testing/worker/faults.ts'
import { type Outcome, wholeScenario } from '../testing/worker/whole-scenario.ts'

const FAULTS = process.env['FAULTS'] ?? '1'
const SAMPLED = 8
/** A sweep has some 1,000 scenarios of a fifth of a second. */
const HOUR_MS = 3_600_000

let engine: Engine
let undisturbed: Outcome

beforeAll(async () => {
  // One for all scenarios, which is what takes no time; each of them compiles its own networks.
  engine = await createCpuEngine({ host: nodeCpuHost, threads: 1, onFailure: () => undefined })
  undisturbed = await wholeScenario(engine, NO_FAULT, null)
})
afterAll(() => engine.dispose())

test('where nothing fails, all that is asked is done', () => {
  expect(undisturbed).toMatchObject({ failures: [], wrong: [] })
  expect(undisturbed.crossed.length).toBeGreaterThan(400)
})

type Sweep = {
  readonly which: string
  readonly engine: EngineFault
  readonly lasts: boolean
  /** Whether the fault is one that other sweeps have not. */
  readonly matters: (edge: string) => boolean
}
const SWEEPS: readonly Sweep[] = [
  { which: 'one call', engine: 'lost', lasts: false, matters: () => true },
  {
    which: 'one call of the engine, for a reason that nobody foresaw,',
    engine: 'unforeseen',
    lasts: false,
    matters: (edge) => edge.startsWith('engine'),
  },
  { which: 'every call from one on', engine: 'lost', lasts: true, matters: () => true },
]

test.each(SWEEPS)(
  'where $which fails, the run goes on or ends with a sentence, and what is stored is whole',
  async ({ which, engine: how, lasts, matters }) => {
    const points = undisturbed.crossed.flatMap((edge, i) => (matters(edge) ? [i + 1] : []))
    const tried = FAULTS === 'all' ? points : sampleOf(points, `${FAULTS} ${which}`)
    const wrong: string[] = []
    let failed = 0
    for (const first of tried) {
      const plan = { first, last: lasts ? Number.POSITIVE_INFINITY : first, engine: how }
      const outcome = await wholeScenario(engine, plan, undisturbed.digests)
      if (outcome.failures.length > 0) failed++
      for (const what of outcome.wrong) {
        wrong.push(`call ${first} (${outcome.crossed[first - 1]}): ${what}`)
        // A sweep is long.
        process.stderr.write(`${wrong.at(-1)}\n`)
      }
    }
    process.stderr.write(
      `${which} fails: ${tried.length} of ${points.length} points, ${failed} of them told, ${wrong.length} wrong\n`,
    )
    expect(wrong).toEqual([])
    // The faults were real ones.
    expect(failed).toBeGreaterThan(0)
  },
  HOUR_MS,
)

function sampleOf(points: readonly number[], seed: string): number[] {
  const random = createRandom(1, seed)
  const drawn = new Set<number>()
  while (drawn.size < Math.min(SAMPLED, points.length)) drawn.add(points[random.below(points.length)] ?? 1)
  return [...drawn].toSorted((one, other) => one - other)
}
