// Many experiments from one set-up: over seeds, and over the depths of its network's family.
import type { RunConfig } from '../config/run-config.ts'
import { withLayers } from '../network/resize-network.ts'
import type { Side } from './pair.ts'

export type Sweep = {
  /** What each session trains: the pair in lockstep, or one run. */
  readonly sides: readonly Side[]
  /** The set-up's seed and those after it, so many in all. */
  readonly seeds: number
  /** Weight layers, which the network's family must have; empty for the network as it is. */
  readonly depths: readonly number[]
}

/** The set-ups of a sweep's sessions: every depth with the first seed, then with the next. */
export function sweepSetups(setup: RunConfig, { seeds, depths }: Sweep): RunConfig[] {
  const networks =
    depths.length === 0
      ? [setup.network]
      : depths.flatMap((layers) => withLayers(setup.network, layers) ?? [])
  const member = (network: RunConfig['network'], seed: number): RunConfig => ({ ...setup, network, seed })
  return Array.from({ length: seeds }, (_, i) => setup.seed + i).flatMap((seed) =>
    networks.map((network) => member(network, seed)),
  )
}
