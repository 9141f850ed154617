// The command line of `npm run bench`; every wrong option is a UsageError of one sentence.
import { parseArgs } from 'node:util'
import { UsageError } from '../src/cli/usage.ts'
import { ENGINES, type EngineName } from './contender.ts'
import { DEFAULT_NETWORKS, NETWORK_NAMES } from './networks.ts'
import type { BenchOrder } from './perform.ts'

export type BenchOptions = {
  /** Dawn in Node instead of a page in Chromium. */
  readonly node: boolean
  readonly json: boolean
  readonly order: BenchOrder
}

export const BENCH_USAGE = `Usage: npm run bench -- [options]

Times a training step of our engine and of its peers in a page in Chromium: five rounds in turns, on one adapter.

--net NAMES      ${NETWORK_NAMES.join(', ')}; several with commas (default: the first three)
--engine NAMES   ${ENGINES.join(', ')}; several with commas (default: all)
--batch N        images of a step (default: 8 on a software adapter, 128 on a graphics card)
--rounds N       turns of each engine (default: 5)
--quick          resnet-20 only, with short turns: under 5 minutes on a software adapter
--node           in Node on Dawn instead, where there is no WebGL
--profile        the time of each kernel of our engine instead
--json           the last line of stdout is one JSON object; its low and high are images a second

Progress goes to stderr. Exit codes: 0 success, 1 failure, 2 wrong arguments.`

const SLICE_MS = 5000
const QUICK_SLICE_MS = 2000
const ROUNDS = 5

const OPTIONS = {
  node: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
  batch: { type: 'string' },
  rounds: { type: 'string' },
  net: { type: 'string' },
  engine: { type: 'string' },
} as const

/** @throws UsageError */
export function parseBenchOptions(words: readonly string[]): BenchOptions {
  const { node, quick, json, profile, batch, rounds, net, engine } = parseWords(words)
  const available = node ? ENGINES.filter((name) => name !== 'tfjs-webgl') : ENGINES
  const engines = engine === undefined ? available : listed('engine', engine, ENGINES)
  if (node && engines.includes('tfjs-webgl')) {
    throw new UsageError('--engine tfjs-webgl needs a page, and --node has none')
  }
  if (profile && engine !== undefined && engines.some((name) => name !== 'residual-lab')) {
    throw new UsageError('--profile knows the kernels of residual-lab only; leave --engine out')
  }
  const networks = net === undefined ? null : listed('net', net, NETWORK_NAMES)
  return {
    node,
    json,
    order: {
      measure: profile ? 'kernels' : 'speed',
      networks: networks ?? (quick || profile ? ['resnet-20'] : DEFAULT_NETWORKS),
      engines: inOrder(engines),
      batch: batch === undefined ? null : whole('batch', batch, 4096),
      slices: {
        rounds: rounds === undefined ? ROUNDS : whole('rounds', rounds, 100),
        sliceMs: quick ? QUICK_SLICE_MS : SLICE_MS,
      },
    },
  }
}

function parseWords(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, allowPositionals: false, strict: true }).values
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(message.split('\n')[0] ?? '')
  }
}

function listed<Name extends string>(option: string, value: string, names: readonly Name[]): Name[] {
  return value.split(',').map((word) => {
    const name = names.find((known) => known === word)
    if (!name) throw new UsageError(`--${option} takes ${names.join(', ')}, not ${JSON.stringify(word)}`)
    return name
  })
}

/** Each once; ours first, because the others' losses are compared with the first one's. */
function inOrder(engines: readonly EngineName[]): EngineName[] {
  return ENGINES.filter((name) => engines.includes(name))
}

function whole(option: string, value: string, most: number): number {
  const number = Number(value)
  if (!/^\d+$/.test(value) || number < 1 || number > most) {
    throw new UsageError(
      `--${option} takes a whole number from 1 to ${most.toLocaleString('en')}, not ${JSON.stringify(value)}`,
    )
  }
  return number
}
