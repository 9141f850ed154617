// The command line of `npm run bench`; every wrong option is a UsageError of one sentence.
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { readNumber } from '../src/base/typed-number.ts'
import { UsageError } from '../src/cli/options/usage.ts'
import { CPU_ENGINES, ENGINES, type EngineName, isCpuEngine } from './contender.ts'
import { DEFAULT_NETWORKS, NETWORK_NAMES } from './networks.ts'
import type { BenchOrder } from './perform.ts'

export type BenchOptions = {
  /** Dawn in Node instead of a page in Chromium. */
  readonly node: boolean
  readonly json: boolean
  readonly order: BenchOrder
}

/** Our engine takes no more, and all are compared with the same number. */
const MOST_THREADS = 16

const GPU_ENGINES = ENGINES.filter((name) => !isCpuEngine(name))

export const BENCH_USAGE = `Usage: npm run bench -- [options]

Times a training step of our engine and of its peers in a page in Chromium: five rounds in turns, on one adapter.
With --cpu it is our engine on the CPU and the peers of a person without a graphics card, in Node.

--net NAMES      ${NETWORK_NAMES.join(', ')}; several with commas (default: the first three)
--engine NAMES   ${GPU_ENGINES.join(', ')};
                 with --cpu also ${CPU_ENGINES.join(', ')};
                 several with commas (default: all of the first line; with --cpu all of the second)
--batch N        images of a step (default: 8 on a software adapter, 128 on a graphics card, 32 with --cpu)
--rounds N       turns of each engine (default: 5)
--quick          resnet-20 only, with short turns: under 5 minutes on a software adapter
--node           in Node on Dawn instead, where there is no WebGL
--cpu            engines on the CPU, in Node; PyTorch is a process of its own
--page           with --cpu: in Chromium, where PyTorch still takes its turns
--threads N      with --cpu: of each engine that has threads (default: the number of cores, at most ${MOST_THREADS})
--profile        the time of each kernel of our engine instead
--json           the last line of stdout is one JSON object; its low and high are images a second

Progress goes to stderr. Exit codes: 0 success, 1 failure, 2 wrong arguments.`

const SLICE_MS = 5000
const QUICK_SLICE_MS = 2000
const ROUNDS = 5

const CPU_BATCH = 32

const OPTIONS = {
  cpu: { type: 'boolean', default: false },
  page: { type: 'boolean', default: false },
  threads: { type: 'string' },
  node: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
  batch: { type: 'string' },
  rounds: { type: 'string' },
  net: { type: 'string' },
  engine: { type: 'string' },
} as const

/** @param cores of this machine @throws UsageError */
export function parseBenchOptions(words: readonly string[], cores = availableParallelism()): BenchOptions {
  const given = parseWords(words)
  assertTogether(given)
  const { cpu, page, quick, json, profile, batch, rounds, net, threads } = given
  const node = cpu ? !page : given.node
  const engines = given.engine === undefined ? enginesOf(cpu, node) : listed('engine', given.engine, ENGINES)
  assertAvailable(engines, { cpu, node })
  const ours = cpu ? 'residual-lab-cpu' : 'residual-lab'
  if (profile && given.engine !== undefined && engines.some((name) => name !== ours)) {
    throw new UsageError(`--profile knows the kernels of ${ours} only; leave --engine out`)
  }
  const networks = net === undefined ? null : listed('net', net, NETWORK_NAMES)
  return {
    node,
    json,
    order: {
      measure: profile ? 'kernels' : 'speed',
      networks: networks ?? (quick || profile ? ['resnet-20'] : DEFAULT_NETWORKS),
      engines: inOrder(engines),
      batch: batch === undefined ? (cpu ? CPU_BATCH : null) : whole('batch', batch, 4096),
      threads: cpu ? threadsOf(threads, cores) : null,
      slices: {
        rounds: rounds === undefined ? ROUNDS : whole('rounds', rounds, 100),
        sliceMs: quick ? QUICK_SLICE_MS : SLICE_MS,
      },
    },
  }
}

/** @throws UsageError where one option makes no sense beside another, or without it */
function assertTogether({ cpu, node, page, profile, threads }: ReturnType<typeof parseWords>): void {
  if (cpu && node) throw new UsageError('--cpu runs in Node already; leave --node out')
  if (page && profile) throw new UsageError('--profile of the CPU engine runs in Node; leave --page out')
  if (page && !cpu) throw new UsageError('--page goes with --cpu; other benchmarks run in a page already')
  if (threads !== undefined && !cpu) throw new UsageError('--threads goes with --cpu; a GPU has its own')
}

function enginesOf(cpu: boolean, node: boolean): readonly EngineName[] {
  if (cpu) return CPU_ENGINES
  return node ? GPU_ENGINES.filter((name) => name !== 'tfjs-webgl') : GPU_ENGINES
}

/** @throws UsageError */
function assertAvailable(
  engines: readonly EngineName[],
  { cpu, node }: { cpu: boolean; node: boolean },
): void {
  const onCpu = engines.find(isCpuEngine)
  if (!cpu && onCpu) throw new UsageError(`--engine ${onCpu} goes with --cpu`)
  if (node && engines.includes('tfjs-webgl')) {
    throw new UsageError(
      `--engine tfjs-webgl needs a page, and ${cpu ? '--cpu without --page' : '--node'} has none`,
    )
  }
}

function threadsOf(given: string | undefined, cores: number): number {
  return given === undefined ? Math.min(cores, MOST_THREADS) : whole('threads', given, MOST_THREADS)
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
  const parsed = readNumber(value, { min: 1, max: most, whole: true })
  if ('value' in parsed) return parsed.value
  throw new UsageError(
    `--${option} takes a whole number from 1 to ${most.toLocaleString('en')}, not ${JSON.stringify(value)}`,
  )
}
