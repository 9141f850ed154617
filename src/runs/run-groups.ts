// Runs that differ in their seeds only, as one: a mean with its spread.
import type { RunConfig } from '../config/run-config.ts'
import { differOnlyIn } from './config-differences.ts'

/** In the order of the first run of each. */
export function groupsOf<Run>(
  runs: readonly Run[],
  belongTogether: (first: Run, other: Run) => boolean,
): Run[][] {
  const groups: Run[][] = []
  for (const run of runs) {
    const group = groups.find(([first]) => first !== undefined && belongTogether(first, run))
    if (group) group.push(run)
    else groups.push([run])
  }
  return groups
}

type Configured = { readonly config: RunConfig }

/** Runs of one config over several seeds, however long each was trained. */
export function groupsOverSeeds<Run extends Configured>(runs: readonly Run[]): Run[][] {
  return groupsOf(runs, (first, other) => differOnlyIn(['seed'], first.config, other.config))
}

/** Of each seed the run that was evaluated most often: the same seed again is the same run again, and tells nothing more. */
export function oncePerSeed<Run extends Configured & { readonly epochs: readonly unknown[] }>(
  runs: readonly Run[],
): Run[] {
  const bySeed = new Map<number, Run>()
  for (const run of runs) {
    const other = bySeed.get(run.config.seed)
    if (!other || run.epochs.length > other.epochs.length) bySeed.set(run.config.seed, run)
  }
  return [...bySeed.values()]
}

/** Of two groups the runs that share their seeds, which began alike and saw the same batches; in the order of the first's. */
export function pairsBySeed<Run extends Configured>(
  first: readonly Run[],
  second: readonly Run[],
): (readonly [Run, Run])[] {
  return first.flatMap((run) => {
    const other = second.find(({ config }) => config.seed === run.config.seed)
    return other ? [[run, other] as const] : []
  })
}
