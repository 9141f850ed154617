// Damaged inputs, drawn from a fixed seed: a fixed few of them in `npm test`; in `npm run fuzz`, 100,000 in all, and then the
// clock is watched too. FUZZ is how many in all, FUZZ_SEED another seed.
import { expect } from 'vitest'
import { createRandom, type Random } from '../base/random.ts'

const TOTAL = process.env['FUZZ']
const SEED = Number(process.env['FUZZ_SEED'] ?? 1)

/** Longer than this for one input, and a person takes the page to have hung. */
const HANG_MS = 1_000

/** @param usual in `npm test`; @param share of all in `npm run fuzz` */
export const fuzzCount = (usual: number, share: number): number =>
  TOTAL === undefined ? usual : Math.round(Number(TOTAL) * share)

/**
 * Makes and reads damaged inputs one after the other, each kind of damage in turn.
 * @returns what came of each kind
 */
export async function fuzz<Input, Outcome extends string>(
  stream: string,
  count: number,
  damages: Readonly<Record<string, (random: Random) => Input>>,
  read: (input: Input, damage: string) => Outcome | Promise<Outcome>,
): Promise<Readonly<Record<string, ReadonlySet<Outcome>>>> {
  const random = createRandom(SEED, stream)
  const kinds = Object.entries(damages)
  const seen: Record<string, Set<Outcome>> = {}
  const counts = new Map<Outcome, number>()
  let slowestMs = 0
  for (let i = 0; i < count; i++) {
    const [damage, make] = kinds[i % kinds.length] ?? []
    if (damage === undefined || make === undefined) throw new Error('there is no damage')
    const input = make(random)
    const begun = performance.now()
    const outcome = await read(input, damage)
    slowestMs = Math.max(slowestMs, performance.now() - begun)
    ;(seen[damage] ??= new Set()).add(outcome)
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  }
  if (TOTAL !== undefined) {
    const outcomes = [...counts].map(([outcome, times]) => `${outcome} ${times}`).join(', ')
    process.stdout.write(
      `${stream}, seed ${SEED}: ${count} inputs, slowest ${slowestMs.toFixed(0)} ms; ${outcomes}\n`,
    )
    expect(slowestMs).toBeLessThan(HANG_MS)
  }
  return seen
}

/** Of every kind of damage. */
export function allOutcomes<Outcome>(seen: Readonly<Record<string, ReadonlySet<Outcome>>>): Set<Outcome> {
  const all = new Set<Outcome>()
  for (const outcomes of Object.values(seen)) for (const outcome of outcomes) all.add(outcome)
  return all
}

export function flipBit(
  random: Random,
  file: Uint8Array,
  from = 0,
  end = file.length,
): Uint8Array<ArrayBuffer> {
  const at = from + random.below(end - from)
  return file.with(at, (file[at] ?? 0) ^ (1 << random.below(8)))
}

export const cutOff = (random: Random, file: Uint8Array): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(file.subarray(0, random.below(file.length)))

/** Bytes in the place of others. */
export function splice(
  file: Uint8Array,
  at: number,
  removed: number,
  inserted: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const rest = file.subarray(Math.min(file.length, at + removed))
  const spliced = new Uint8Array(at + inserted.length + rest.length)
  spliced.set(file.subarray(0, at))
  spliced.set(inserted, at)
  spliced.set(rest, at + inserted.length)
  return spliced
}

/** Some of a file's bytes twice. */
export function repeat(random: Random, file: Uint8Array): Uint8Array<ArrayBuffer> {
  const at = random.below(file.length)
  return splice(file, at, 0, file.slice(at, at + random.below(600)))
}
