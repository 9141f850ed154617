// Which engines have trained a run. Engines add in different orders, so the last digits of a run follow from this too.
import { z } from 'zod'
import { ENGINE_TITLES, type EngineName, ENGINES } from './device-info.ts'

const trainedEngineSchema = z.object({
  engine: z.enum(ENGINES),
  /** Steps that the run had taken when this engine began. */
  fromStep: z.int().min(0),
})
export type TrainedEngine = z.infer<typeof trainedEngineSchema>

/** Ascending by steps; empty before the first step, and where an earlier version of the lab did not note it. */
export const trainedEnginesSchema = z.array(trainedEngineSchema).default([])

/** The engines so far, and the one that trains from this step on. */
export function withEngine(
  engines: readonly TrainedEngine[],
  engine: EngineName,
  step: number,
): TrainedEngine[] {
  const earlier = engines.filter(({ fromStep }) => fromStep < step)
  return earlier.at(-1)?.engine === engine ? earlier : [...earlier, { engine, fromStep: step }]
}

/** Null where it is not known. */
export function lastEngine(engines: readonly TrainedEngine[]): EngineName | null {
  return engines.at(-1)?.engine ?? null
}

/** "WebGPU, from step 500 on the CPU engine"; null where nothing is known. */
export function formatTrainedEngines(engines: readonly TrainedEngine[]): string | null {
  const [first] = engines
  if (!first) return null
  const parts = engines.map(({ engine, fromStep }) =>
    fromStep === 0 ? ENGINE_TITLES[engine] : `from step ${fromStep + 1} on ${ENGINE_TITLES[engine]}`,
  )
  return (first.fromStep === 0 ? parts : ['not recorded', ...parts]).join(', ')
}

/** What a person must know before a run goes on with another engine than it was trained with. */
export function engineChangeSentence(before: EngineName, now: EngineName): string {
  return (
    `This run was trained with ${ENGINE_TITLES[before]}; continuing with ${ENGINE_TITLES[now]} ` +
    'changes its last digits from here on.'
  )
}
