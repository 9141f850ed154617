// Damaged set-ups, as files and as links, drawn from a fixed seed: each is opened or refused in a sentence, and a network
// can be built of what is opened. Corpus: every preset.
import { expect, test } from 'vitest'
import { AppError, type AppErrorCode } from '../../base/app-error.ts'
import type { Random } from '../../base/random.ts'
import type { RunConfig } from '../../config/run-config.ts'
import { buildGraph } from '../../network/build-graph.ts'
import { PRESETS } from '../../presets/presets.ts'
import { runLength } from '../../runs/run-length.ts'
import { fuzz, fuzzCount } from '../../testing/fuzz.ts'
import { readSetupFile } from './setup-file.ts'
import { fromFragment, toFragment } from './share-link.ts'

const COUNT = fuzzCount(5_500, 0.25)
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
  'percent-encoding on the way': (random) => {
    const link = toFragment(whole(random))
    const at = 1 + random.below(LINK.length)
    return (
      link.slice(0, at) +
      Buffer.from(link.slice(at, at + 20))
        .toString('hex')
        .replaceAll(/../g, '%$&') +
      link.slice(at + 20)
    )
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

/** Each damage of JSON is read from a file and from a link. */
const DAMAGES: Readonly<Record<string, (random: Random) => () => Promise<Outcome>>> = Object.fromEntries([
  ...Object.entries(JSON_DAMAGES).flatMap(([damage, make]) => [
    [
      `${damage}, in a file`,
      (random: Random) => {
        const text = make(random)
        return () => fromFile(text)
      },
    ],
    [
      `${damage}, in a link`,
      (random: Random) => {
        const text = Buffer.from(make(random)).toString('base64url')
        return () => fromLink(LINK + text)
      },
    ],
  ]),
  ...Object.entries(LINK_DAMAGES).map(([damage, make]) => [
    damage,
    (random: Random) => {
      const link = make(random)
      return () => fromLink(link)
    },
  ]),
])

test(
  `${COUNT} damaged set-ups are each opened or refused, and nothing else happens`,
  { timeout: 3_600_000 },
  async () => {
    const seen = await fuzz('setup.fuzz', COUNT, DAMAGES, (read) => read())
    expect(seen['a number that is off, in a file']).toEqual(new Set(['opened', 'config-invalid']))
    expect(seen['truncation, in a file']).toEqual(new Set(['config-invalid']))
    expect(seen['truncation, in a link']).toEqual(new Set(['link-invalid']))
    expect(seen['a link cut short']).toEqual(new Set(['link-invalid']))
    expect(seen['percent-encoding on the way']).toEqual(new Set(['opened']))
    for (const place of ['file', 'link']) {
      expect(seen[`a field too many, in a ${place}`]).not.toContain('opened')
      expect(seen[`depth beyond reason, in a ${place}`]).not.toContain('opened')
    }
    expect(Object.keys(seen)).toEqual(Object.keys(DAMAGES))
  },
)
