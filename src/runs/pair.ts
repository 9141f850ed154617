// The experiment of this lab: the same run with and without identity mappings.
import type { RunConfig } from '../config/run-config.ts'

/** `a` keeps the shortcuts, `b` has none. */
export type Side = 'a' | 'b'
export const SIDES = ['a', 'b'] as const satisfies readonly Side[]

/** The run that a set-up means on one side: the set-up's own config but for `identity`. */
export function configOf(side: Side, setup: RunConfig): RunConfig {
  return { ...setup, network: { ...setup.network, identity: side === 'a' } }
}

export function sideOf(config: Pick<RunConfig, 'network'>): Side {
  return config.network.identity ? 'a' : 'b'
}

/** Whether two runs may be compared as a pair: nothing but `identity`, and how long they were let run, differs. */
export function arePair(a: RunConfig, b: RunConfig): boolean {
  return a.network.identity !== b.network.identity && fingerprint(a) === fingerprint(b)
}

/** Everything that a pair shares, as a canonical text. */
function fingerprint(config: RunConfig): string {
  const { preset: _name, budget: _length, ...rest } = configOf('a', config)
  return canonicalText(rest)
}

/** JSON in which the order of keys makes no difference. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(sortKeys(value))
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  )
}
