// Damaged files, drawn from a fixed seed: each is either read or refused in a sentence, and nothing else happens. Corpus: one
// small network as safetensors, and the same as npz.
import { expect, test } from 'vitest'
import { AppError, type AppErrorCode } from '../base/app-error.ts'
import type { Random } from '../base/random.ts'
import { buildGraph } from '../network/build-graph.ts'
import { elements } from '../network/network-facts.ts'
import { PRESETS } from '../presets/presets.ts'
import { heNetwork } from '../presets/he.ts'
import { allOutcomes, cutOff, flipBit, fuzz, fuzzCount, repeat, splice } from '../testing/fuzz.ts'
import { writeNpz } from './npz.ts'
import { readRunZip } from './run-zip.ts'
import { namedTensors, readWeights, readWeightsConfig, writeWeights } from './weights-file.ts'

const COUNT = fuzzCount(3_500, 0.25)
const OTHERS = fuzzCount(400, 0.1)

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

const inHeader = (random: Random) => random.below(HEADER_END)

/** The header's length is set to what it has become, so that the damage inside it is reached. */
function announce(file: Uint8Array<ArrayBuffer>, headerBytes: number): Uint8Array<ArrayBuffer> {
  const copy = file.slice()
  new DataView(copy.buffer).setBigUint64(0, BigInt(headerBytes), true)
  return copy
}

const DAMAGES: Readonly<Record<string, (random: Random) => Uint8Array<ArrayBuffer>>> = {
  'a bit': (random) => flipBit(random, WHOLE),
  'a bit of the header': (random) => flipBit(random, WHOLE, 0, HEADER_END),
  truncation: (random) => cutOff(random, WHOLE),
  'the header’s length': (random) =>
    announce(WHOLE, random.below(2) ? random.below(2 * WHOLE.length) : random.below(2 ** 32) * 2 ** 20),
  'a scrap in the header': (random) => {
    const scrap = new TextEncoder().encode(SCRAPS[random.below(SCRAPS.length)])
    const removed = random.below(3)
    const at = 8 + random.below(HEADER_END - 16)
    return announce(splice(WHOLE, at, removed, scrap), HEADER_END - 8 + scrap.length - removed)
  },
  'a digit of the header': (random) => {
    const start = Math.max(8, inHeader(random))
    const at = WHOLE.findIndex((byte, i) => i >= start && i < HEADER_END && byte >= 0x30 && byte <= 0x39)
    return at < 0 ? WHOLE.slice() : WHOLE.with(at, 0x30 + random.below(10))
  },
  'a repeated stretch': (random) => repeat(random, WHOLE),
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
  { timeout: 3_600_000 },
  async () => {
    const seen = await fuzz('weights-file.fuzz', COUNT, DAMAGES, outcome)
    const outcomes = allOutcomes(seen)
    expect(outcomes).toEqual(
      new Set(['read', 'weights-malformed', 'weights-mismatch', 'weights-not-finite', 'config-invalid']),
    )
  },
)

const NPZ = writeNpz(
  namedTensors({
    state: { parameters: fill(graph.parameters), statistics: fill(graph.statistics), steps: 3 },
    config,
    naming: 'akamaster',
  }),
)

/** As weights, and as a zip of runs. */
async function outcomeOfNpz(file: Uint8Array<ArrayBuffer>): Promise<string> {
  try {
    await readRunZip(file, 'net.safetensors')
  } catch (error) {
    if (error instanceof AppError && error.code === 'run-unreadable') return outcome(file)
    throw error
  }
  return 'taken for runs'
}

test(`${OTHERS} damaged npz files are each refused, by both readers`, { timeout: 3_600_000 }, async () => {
  const seen = await fuzz(
    'npz.fuzz',
    OTHERS,
    {
      'a bit': (random) => flipBit(random, NPZ),
      'a bit of its beginning': (random) => flipBit(random, NPZ, 0, 64),
      'a bit of its directory': (random) => flipBit(random, NPZ, NPZ.length - 600),
      truncation: (random) => cutOff(random, NPZ),
      'a repeated stretch': (random) => repeat(random, NPZ),
    },
    outcomeOfNpz,
  )
  for (const outcomes of Object.values(seen)) expect([...outcomes]).toEqual(['weights-malformed'])
})
