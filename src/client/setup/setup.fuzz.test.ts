// Damaged set-ups, as files and as links, drawn from a fixed seed: each is opened or refused in a sentence, and a network
// can be built of what is opened. FUZZ is how many.
import { expect, test } from 'vitest'
import { AppError, type AppErrorCode } from '../../base/app-error.ts'
import { createRandom, type Random } from '../../base/random.ts'
import type { RunConfig } from '../../config/run-config.ts'
import { buildGraph } from '../../network/build-graph.ts'
import { PRESETS } from '../../presets/presets.ts'
import { runLength } from '../../runs/run-length.ts'
import { readSetupFile } from './setup-file.ts'
import { fromFragment, toFragment } from './share-link.ts'

const COUNT = Number(process.env['FUZZ'] ?? 5_500)
const SEED = 1
const NAME = 'mine.json'
const LINK = '#config='

const pick = <Item>(random: Random, items: readonly Item[]): Item => {
  const item = items[random.below(items.length)]
  if (item === undefined) throw new Error('there is nothing to pick from')
  return item
}

const whole = (random: Random): RunConfig => pick(random, PRESETS).config

/** What stands in the place of a field: other types, and numbers beyond every limit. */
const ODDITIES: readonly unknown[] = [
  null,
  true,
  '',
  'sgd',
  '\u{0}',
  0,
  -1,
  0.5,
  2,
  1e9,
  1e308,
  Number.MAX_SAFE_INTEGER,
  [],
  {},
  [[[[]]]],
  { kind: 'constant' },
  { kind: 'step', milestones: [3, 1] },
  Array.from({ length: 1000 }, () => ({ blocks: 1000, channels: 4096, stride: 2 })),
]

/** All places in plain data, as paths of keys; those of deeper fields too. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))]
}

function replaceAt(value: unknown, [key, ...rest]: readonly string[], replacement: unknown): unknown {
  if (key === undefined) return replacement
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...Object(value) }
  return Object.assign(copy, { [key]: replaceAt(Reflect.get(Object(value), key), rest, replacement) })
}

function jsonWith(random: Random, replacement: (old: unknown) => unknown): string {
  const config = whole(random)
  const path = pick(random, pathsOf(config))
  const old = path.reduce<unknown>((inner, key) => Reflect.get(Object(inner), key), config)
  return JSON.stringify(replaceAt(config, path, replacement(old)))
}

function cut(random: Random, text: string, inserted: string): string {
  const at = random.below(text.length)
  return text.slice(0, at) + inserted + text.slice(at + random.below(4))
}

const SCRAPS = ['{', '}', '[', ']', '"', ',', ':', '\\', '0', '-', 'e99', 'null', '"__proto__":', '1e999', '']

const JSON_DAMAGES: Readonly<Record<string, (random: Random) => string>> = {
  'an odd value': (random) => jsonWith(random, () => pick(random, ODDITIES)),
  'a number that is off': (random) =>
    jsonWith(random, (old) => (typeof old === 'number' ? old * pick(random, [-1, 0, 2, 10, 0.1, 1e6]) : old)),
  'a field too few': (random) => jsonWith(random, () => undefined) ?? '',
  'a field too many': (random) =>
    JSON.stringify(whole(random)).replace(
      '{',
      `{"${pick(random, ['script', 'constructor', '__proto__'])}":{},`,
    ),
  'a scrap': (random) => cut(random, JSON.stringify(whole(random)), pick(random, SCRAPS)),
  truncation: (random) => {
    const text = JSON.stringify(whole(random))
    return text.slice(0, random.below(text.length))
  },
  'depth beyond reason': (random) => {
    const levels = 1000 * (1 + random.below(20))
    return cut(random, JSON.stringify(whole(random)), '['.repeat(levels) + ']'.repeat(levels))
  },
}

const LINK_DAMAGES: Readonly<Record<string, (random: Random) => string>> = {
  'a character of the link': (random) => {
    const link = toFragment(whole(random))
    const at = LINK.length + random.below(link.length - LINK.length)
    return link.slice(0, at) + pick(random, ['A', '_', '-', '=', '%', '@', 'é', ' ']) + link.slice(at + 1)
  },
  'a link cut short': (random) => {
    const link = toFragment(whole(random))
    return link.slice(0, LINK.length + random.below(link.length - LINK.length))
  },
}

type Outcome = AppErrorCode | 'opened'

async function outcomeOf(open: () => Promise<RunConfig | null>, whose: string): Promise<Outcome> {
  try {
    const config = await open()
    if (config === null) throw new Error('the damaged set-up was taken for none')
    buildGraph(config)
    runLength(config)
    return 'opened'
  } catch (error) {
    if (error instanceof AppError && error.message.toLowerCase().includes(whose)) return error.code
    throw error
  }
}

const fromFile = (text: string) => outcomeOf(() => readSetupFile(new File([text], NAME)), NAME)
const fromLink = (fragment: string) => outcomeOf(async () => fromFragment(fragment), 'the link')

test(
  `${COUNT} damaged set-ups are each opened or refused, and nothing else happens`,
  { timeout: 600_000 },
  async () => {
    const random = createRandom(SEED, 'setup.fuzz')
    const seen = new Map<string, Set<Outcome>>()
    const record = (name: string, outcome: Outcome) =>
      seen.set(name, (seen.get(name) ?? new Set()).add(outcome))
    const jsons = Object.entries(JSON_DAMAGES)
    const links = Object.entries(LINK_DAMAGES)
    for (let i = 0; i < COUNT; i++) {
      const turn = i % (2 * jsons.length + links.length)
      const json = jsons[turn % jsons.length]
      const link = links[turn - 2 * jsons.length]
      if (link) record(link[0], await fromLink(link[1](random)))
      else if (json && turn < jsons.length) record(json[0], await fromFile(json[1](random)))
      else if (json)
        record(json[0], await fromLink(LINK + Buffer.from(json[1](random)).toString('base64url')))
    }
    expect(seen.get('a number that is off')).toEqual(new Set(['opened', 'config-invalid']))
    expect(seen.get('truncation')).toEqual(new Set(['config-invalid', 'link-invalid']))
    expect(seen.get('a field too many')).not.toContain('opened')
    expect(seen.get('depth beyond reason')).not.toContain('opened')
    expect(seen.size).toBe(jsons.length + links.length)
  },
)
