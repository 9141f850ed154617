// Accuracy against depth: the same networks with more and fewer blocks, with identity mappings and without.
import type { RunConfig } from '../config/run-config.ts'
import { weightLayers } from '../network/format-network.ts'
import { accuracyAfter, type ComparedRun, lastCommonEpoch } from './compared-run.ts'
import { differOnlyIn } from './config-differences.ts'
import { groupsOf, oncePerSeed } from './run-groups.ts'
import { type DepthSlopes, depthSlopes } from './statistics/depth-slopes.ts'
import { type MeanAndSd, meanAndSd } from './statistics/statistics.ts'

export type DepthPoint = {
  readonly identity: boolean
  /** Weight layers on the main path. */
  readonly depth: number
  /** Of the runs' test accuracies, in %. */
  readonly accuracy: MeanAndSd
}

export type DepthSweep = {
  /** One of its configs. */
  readonly config: RunConfig
  /** The last that all runs that count have evaluated: they are compared after equally long training. */
  readonly epoch: number
  /** By depth, with identity first. */
  readonly points: readonly DepthPoint[]
  /** Of the runs' test accuracies, in % for each doubling of the depth; null where too few runs tell. */
  readonly slopes: DepthSlopes | null
}

/** Runs that would be equal but for blocks, identity and seed, wherever there are two depths; unevaluated ones are left out. */
export function depthSweeps(runs: readonly ComparedRun[]): DepthSweep[] {
  const evaluated = runs.filter(({ epochs }) => epochs.length > 0)
  return groupsOf(evaluated, isSameFamily).flatMap((family) => {
    const groups = groupsOf(family, isSamePoint).map(oncePerSeed)
    const epoch = lastCommonEpoch(groups.flat())
    const [first] = family
    if (!first || epoch === null) return []
    const points = groups.map((group) => pointOf(group, epoch))
    const depths = new Set(points.map(({ depth }) => depth))
    if (depths.size < 2) return []
    const measured = groups.flatMap((group) => {
      const { depth, identity } = placeOf(group)
      return accuraciesOf(group, epoch).map((accuracy) => ({ depth, identity, accuracy }))
    })
    return [{ config: first.config, epoch, points: points.toSorted(byDepth), slopes: depthSlopes(measured) }]
  })
}

function pointOf(group: readonly ComparedRun[], epoch: number): DepthPoint {
  return { ...placeOf(group), accuracy: meanAndSd(accuraciesOf(group, epoch)) }
}

function accuraciesOf(group: readonly ComparedRun[], epoch: number): number[] {
  return group.flatMap((run) => accuracyAfter(run, epoch) ?? [])
}

function placeOf([run]: readonly ComparedRun[]): Pick<DepthPoint, 'identity' | 'depth'> {
  if (!run) throw new Error('a group has no run')
  const { network } = run.config
  return { identity: network.identity, depth: weightLayers(network) }
}

function byDepth(one: DepthPoint, other: DepthPoint): number {
  return one.depth - other.depth || Number(other.identity) - Number(one.identity)
}

function isSamePoint(one: ComparedRun, other: ComparedRun): boolean {
  const [a, b] = [placeOf([one]), placeOf([other])]
  return a.identity === b.identity && a.depth === b.depth
}

function isSameFamily(one: ComparedRun, other: ComparedRun): boolean {
  return differOnlyIn(['seed', 'network.identity'], withOneBlock(one.config), withOneBlock(other.config))
}

/** A depth for all: each stage with one block. */
function withOneBlock(config: RunConfig): RunConfig {
  const stages = config.network.stages.map((stage) => ({ ...stage, blocks: 1 }))
  return { ...config, network: { ...config.network, stages } }
}
