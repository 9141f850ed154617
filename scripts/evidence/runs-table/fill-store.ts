// Runs in the page's own store, written by the code that writes them in training: what they hold is made up, and is as
// much as real runs hold.
import type { EpochRecord } from '../../../src/contract/events.ts'
import type { RunConfig } from '../../../src/config/run-config.ts'
import type { RunEntry } from '../../../src/contract/run-record.ts'
import { findPreset } from '../../../src/presets/presets.ts'
import { configOf, SIDES } from '../../../src/runs/pair.ts'
import { classificationReport } from '../../../src/training/classification-report.ts'
import { openRunStore, type RunAddition, type RunStore } from '../../../src/worker/run-store/run-store.ts'

export type StoreLoad = { readonly runs: number; readonly epochs: number; readonly stepsPerEpoch: number }

const CLASSES = 10
const IMAGES_OF_A_CLASS = 100
/** Written at once. */
const EPOCHS_OF_A_PIECE = 30
const CHECKPOINT_BYTES = 100_000
const HOUR_MS = 3_600_000
const PRESET_IDS = ['akamaster-20', 'akamaster-32', 'drgripa1-20']
const SEEDS_OF_A_CONFIG = 5

export async function fillStore(load: StoreLoad): Promise<void> {
  const store = await openRunStore()
  for (let i = 0; i < load.runs; i++) await addRun(store, i, load)
  store.close()
}

async function addRun(store: RunStore, i: number, load: StoreLoad): Promise<void> {
  const entry = entryOf(i, load)
  const pieces = Math.ceil(load.epochs / EPOCHS_OF_A_PIECE)
  await store.add(Array.from({ length: pieces }, (_, piece) => pieceOf(entry, piece, load)))
}

function pieceOf(entry: RunEntry, piece: number, { epochs, stepsPerEpoch }: StoreLoad): RunAddition {
  const first = piece * EPOCHS_OF_A_PIECE + 1
  const length = Math.min(EPOCHS_OF_A_PIECE, epochs - first + 1)
  const rows = length * stepsPerEpoch
  const isLast = first + length > epochs
  return {
    entry,
    steps: {
      first: (first - 1) * stepsPerEpoch + 1,
      columns: {
        loss: Float64Array.from({ length: rows }, (_, row) => 2.3 / (1 + (first + row / stepsPerEpoch) / 40)),
        accuracy: Float64Array.from({ length: rows }, (_, row) =>
          learntBy(entry, first + row / stepsPerEpoch),
        ),
        learningRate: new Float64Array(rows).fill(0.1),
      },
    },
    epochs: Array.from({ length }, (_, at) => epochOf(entry, first + at, stepsPerEpoch)),
    log: Array.from({ length }, (_, at) => ({
      at: entry.createdAt,
      level: 'info',
      text: `epoch ${first + at}`,
    })),
    checkpoints: isLast
      ? [{ bytes: new Uint8Array(CHECKPOINT_BYTES), steps: entry.steps, isBest: true, endsEpoch: true }]
      : [],
  }
}

/** A share of test images that rises with the epochs: more with identity, a little with the seed. */
function learntBy({ config: { seed, network } }: RunEntry, epoch: number): number {
  const most = network.identity ? 0.8 : 0.7
  return most - 0.01 * (seed % 3) - 0.6 * Math.exp(-epoch / 40)
}

function epochOf(entry: RunEntry, epoch: number, stepsPerEpoch: number): EpochRecord {
  const accuracy = learntBy(entry, epoch)
  const right = Math.round(IMAGES_OF_A_CLASS * accuracy)
  const confusion = new Uint32Array(CLASSES * CLASSES)
  for (let label = 0; label < CLASSES; label++) {
    confusion[label * CLASSES + label] = right
    confusion[label * CLASSES + ((label + 1) % CLASSES)] = IMAGES_OF_A_CLASS - right
  }
  const test = classificationReport({ confusion, lossSum: 1_000 * (1 - accuracy) }, CLASSES)
  const train = { loss: 1 - accuracy, accuracy }
  return { epoch, step: epoch * stepsPerEpoch, at: epoch, train, validation: null, test, answers: null }
}

/** Pairs, five seeds of each config, of three presets and four learning rates. */
function entryOf(i: number, { epochs, stepsPerEpoch }: StoreLoad): RunEntry {
  const pair = Math.floor(i / 2)
  const config = configOf(SIDES[i % 2] ?? 'a', setupOf(pair))
  const at = Date.now() - 1_000 * HOUR_MS + pair * HOUR_MS
  const best = 0.7 + 0.1 * Math.abs(Math.sin(i))
  return {
    version: 1,
    run: `made-${pair}-${i % 2}`,
    session: `made-${pair}`,
    group: null,
    place: null,
    config: { ...config, budget: { unit: 'epoch', amount: epochs } },
    name: pair % 10 === 3 ? `Trial ${pair}` : '',
    notes: pair % 10 === 3 ? 'The learning rate of the paper, without its warm-up.' : '',
    state: 'finished',
    failure: null,
    createdAt: at,
    changedAt: at,
    deletedAt: null,
    device: null,
    appVersion: '0.1.0',
    seconds: 1_800 + i,
    steps: epochs * stepsPerEpoch,
    totalSteps: epochs * stepsPerEpoch,
    stepsPerEpoch,
    result: { epoch: epochs, last: best - 0.004, best, testLoss: 1 - best, testImages: 1_000 },
    checkpointBytes: 0,
    engines: [],
  }
}

function setupOf(pair: number): RunConfig {
  const kind = Math.floor(pair / SEEDS_OF_A_CONFIG)
  const id = PRESET_IDS[kind % PRESET_IDS.length] ?? ''
  const preset = findPreset(id)
  if (!preset) throw new Error(`no preset ${id}`)
  const { config } = preset
  const learningRate = [0.1, 0.05, 0.02, 0.01][kind % 4] ?? 0.1
  return {
    ...config,
    data: { set: 'builtin', limitTrain: null, limitTest: null, validation: null },
    optimiser: { ...config.optimiser, learningRate },
    batchSize: 125,
    seed: 1 + (pair % SEEDS_OF_A_CONFIG),
  }
}
