// Damaged files, drawn from a fixed seed: each is either read or refused in a sentence, and nothing else happens. FUZZ is
// how many.
import { expect, test } from 'vitest'
import { AppError, type AppErrorCode } from '../base/app-error.ts'
import { createRandom, type Random } from '../base/random.ts'
import { buildGraph } from '../network/build-graph.ts'
import { elements } from '../network/network-facts.ts'
import { PRESETS } from '../presets/presets.ts'
import { heNetwork } from '../presets/he.ts'
import { readWeights, readWeightsConfig, writeWeights } from './weights-file.ts'

const COUNT = Number(process.env['FUZZ'] ?? 3_500)
const SEED = 1

const [preset] = PRESETS
if (!preset) throw new Error('there is no preset')
const config = { ...preset.config, network: heNetwork({ n: 1, width: 1 }) }
const graph = buildGraph(config)
// One flipped bit makes 1 infinite.
const fill = (list: readonly { name: string; shape: readonly number[] }[]) =>
  Object.fromEntries(list.map(({ name, shape }) => [name, new Float32Array(elements(shape)).fill(1)]))
const WHOLE = writeWeights({
  state: { parameters: fill(graph.parameters), statistics: fill(graph.statistics), steps: 3 },
  config,
  naming: 'akamaster',
  metrics: [],
})
const HEADER_END = 8 + Number(new DataView(WHOLE.buffer).getBigUint64(0, true))

/** What JSON is made of, and what a header's fields may hold. */
const SCRAPS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '\\',
  '0',
  '9',
  '-',
  'e99',
  'null',
  '"F16"',
  '"__proto__"',
  '\u{0}',
]

type Damage = (random: Random, file: Uint8Array) => Uint8Array

const anywhere = (random: Random, file: Uint8Array) => random.below(file.length)
const inHeader = (random: Random, file: Uint8Array) => random.below(Math.min(HEADER_END, file.length))

const flipBit =
  (place: typeof anywhere): Damage =>
  (random, file) => {
    const at = place(random, file)
    return file.with(at, (file[at] ?? 0) ^ (1 << random.below(8)))
  }

function splice(file: Uint8Array, at: number, removed: number, inserted: Uint8Array): Uint8Array {
  const rest = file.subarray(Math.min(file.length, at + removed))
  const spliced = new Uint8Array(at + inserted.length + rest.length)
  spliced.set(file.subarray(0, at))
  spliced.set(inserted, at)
  spliced.set(rest, at + inserted.length)
  return spliced
}

/** The header's length is set to what it has become, so that the damage inside it is reached. */
function announce(file: Uint8Array, headerBytes: number): Uint8Array {
  const copy = file.slice()
  new DataView(copy.buffer).setBigUint64(0, BigInt(headerBytes), true)
  return copy
}

const DAMAGES: Readonly<Record<string, Damage>> = {
  'a bit': flipBit(anywhere),
  'a bit of the header': flipBit(inHeader),
  truncation: (random, file) => file.slice(0, anywhere(random, file)),
  'the header’s length': (random, file) =>
    announce(file, random.below(2) ? random.below(2 * file.length) : random.below(2 ** 32) * 2 ** 20),
  'a scrap in the header': (random, file) => {
    const scrap = new TextEncoder().encode(SCRAPS[random.below(SCRAPS.length)])
    const removed = random.below(3)
    const at = 8 + random.below(HEADER_END - 16)
    return announce(splice(file, at, removed, scrap), HEADER_END - 8 + scrap.length - removed)
  },
  'a digit of the header': (random, file) => {
    const start = 8 + random.below(HEADER_END - 8)
    const at = file.findIndex((byte, i) => i >= start && i < HEADER_END && byte >= 0x30 && byte <= 0x39)
    return at < 0 ? file.slice() : file.with(at, 0x30 + random.below(10))
  },
  'a repeated stretch': (random, file) => {
    const at = anywhere(random, file)
    return splice(file, at, 0, file.slice(at, at + random.below(200)))
  },
}

/** How the two readers took a file: a refusal's code where its sentence names the file; anything else is thrown. */
function outcome(file: Uint8Array): AppErrorCode | 'read' {
  try {
    readWeightsConfig(file, 'net.safetensors')
    readWeights(file, config, 'net.safetensors')
    return 'read'
  } catch (error) {
    if (error instanceof AppError && error.message.includes('net.safetensors')) return error.code
    throw error
  }
}

test('the undamaged file is read', () => {
  expect(outcome(WHOLE)).toBe('read')
})

test(
  `${COUNT} damaged files are each read or refused, and the damage reaches every check`,
  { timeout: 600_000 },
  () => {
    const random = createRandom(SEED, 'weights-file.fuzz')
    const seen = new Set<string>()
    const damages = Object.values(DAMAGES)
    for (let i = 0; i < COUNT; i++) {
      const damage = damages[i % damages.length]
      if (damage) seen.add(outcome(damage(random, WHOLE)))
    }
    expect(seen).toEqual(
      new Set(['read', 'weights-malformed', 'weights-mismatch', 'weights-not-finite', 'config-invalid']),
    )
  },
)
