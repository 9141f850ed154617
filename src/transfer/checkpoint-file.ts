// A run's checkpoint as one safetensors file: tensors by what they are, the rest as JSON in its metadata. One file, so
// that it is replaced whole or not at all.
import { z } from 'zod'
import { AppError } from '../base/app-error.ts'
import type { StepPoint } from '../contract/events.ts'
import { buildGraph } from '../network/build-graph.ts'
import type { Graph } from '../network/graph.ts'
import { type Checkpoint, checkpointRecordSchema } from '../training/checkpoint.ts'
import {
  readSafetensors,
  type SafetensorsFile,
  type TensorToWrite,
  toFloat32,
  writeSafetensors,
} from './safetensors.ts'

const FORMAT = 'residual-lab-checkpoint'
const VERSION = '1'

const slotNamesSchema = z.array(z.string()).max(16)

type Shapes = readonly { readonly name: string; readonly shape: readonly number[] }[]
type Tensors = Readonly<Record<string, Float32Array>>

/** @param pointsApart true where the metrics of steps are kept elsewhere, and are to be given to `readCheckpoint` */
export function writeCheckpoint(
  { config, state, points, epochs, epochSums, engines }: Checkpoint,
  { pointsApart = false } = {},
): Uint8Array<ArrayBuffer> {
  const graph = buildGraph(config)
  const tensors = [
    ...named('parameters', graph.parameters, state.parameters),
    ...named('statistics', graph.statistics, state.statistics),
    ...Object.entries(state.slots).flatMap(([slot, values]) =>
      named(`slots/${slot}`, graph.parameters, values),
    ),
  ]
  const record = {
    config,
    steps: state.steps,
    points: pointsApart ? [] : points,
    epochs,
    epochSums,
    engines,
  }
  return writeSafetensors(tensors, {
    format: FORMAT,
    version: VERSION,
    slots: JSON.stringify(Object.keys(state.slots)),
    record: JSON.stringify(record),
  })
}

function named(group: string, shapes: Shapes, values: Tensors): TensorToWrite[] {
  return shapes.map(({ name, shape }) => {
    const tensor = values[name]
    if (!tensor) throw new Error(`the checkpoint lacks ${group}/${name}`)
    return { name: `${group}/${name}`, dtype: 'F32', shape, values: tensor }
  })
}

/**
 * @param pointsApart the metrics of every step, where they were kept elsewhere
 * @throws AppError `checkpoint-unreadable`, naming the file, what was expected and what was found
 */
export function readCheckpoint(
  bytes: Uint8Array,
  fileName: string,
  pointsApart: readonly StepPoint[] = [],
): Checkpoint {
  const refuse = (what: string) =>
    new AppError(
      'checkpoint-unreadable',
      `${fileName} is not a whole checkpoint: ${what}. Resume from another one, or train anew.`,
    )
  const file = readSafetensors(bytes, fileName, refuse)
  const { format, version } = file.metadata
  if (format !== FORMAT) throw refuse(`its format is ${format ?? 'not named'}, and ${FORMAT} is wanted`)
  if (version !== VERSION) {
    throw refuse(`it has version ${version ?? 'none'} of the format, and version ${VERSION} can be read`)
  }
  const { steps, ...record } = parseRecord(file, pointsApart, refuse)
  const tensors = readTensors(file, buildGraph(record.config), refuse)
  return { ...record, state: { ...tensors, steps } }
}

type Refuse = (what: string) => AppError

function parseRecord({ metadata }: SafetensorsFile, pointsApart: readonly StepPoint[], refuse: Refuse) {
  const record = checkpointRecordSchema.safeParse(parseJson(metadata['record']))
  if (!record.success) {
    const issue = record.error.issues[0]
    throw refuse(
      `its record is not valid at ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? ''}`,
    )
  }
  const { steps } = record.data
  const points = [...record.data.points, ...pointsApart]
  const misplaced = points.findIndex(({ step }, i) => step !== i + 1)
  if (misplaced >= 0) throw refuse(`its metrics lack step ${misplaced + 1}`)
  if (points.length !== steps)
    throw refuse(`it is of step ${steps} and has metrics of ${points.length} steps`)
  return { ...record.data, points }
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return null
  }
}

function readTensors(file: SafetensorsFile, graph: Graph, refuse: Refuse) {
  let read = 0
  const group = (prefix: string, shapes: Shapes): Tensors =>
    Object.fromEntries(
      shapes.map(({ name, shape }) => {
        const stored = file.tensors.get(`${prefix}/${name}`)
        if (!stored) throw refuse(`it lacks the tensor ${prefix}/${name}`)
        if (stored.dtype !== 'F32' || stored.shape.join() !== shape.join()) {
          throw refuse(
            `${prefix}/${name} is ${stored.dtype} [${stored.shape.join(', ')}], and F32 [${shape.join(', ')}] is wanted`,
          )
        }
        const values = toFloat32(stored)
        if (!values.every(Number.isFinite)) throw refuse(`${prefix}/${name} has a value that is not finite`)
        read++
        return [name, values]
      }),
    )
  const state = {
    parameters: group('parameters', graph.parameters),
    statistics: group('statistics', graph.statistics),
    slots: Object.fromEntries(
      slotNames(file, refuse).map((slot) => [slot, group(`slots/${slot}`, graph.parameters)]),
    ),
  }
  if (read !== file.tensors.size) throw refuse(`it has ${file.tensors.size} tensors, and its network ${read}`)
  return state
}

function slotNames({ metadata }: SafetensorsFile, refuse: Refuse): string[] {
  const names = slotNamesSchema.safeParse(parseJson(metadata['slots']))
  if (!names.success) throw refuse('it does not list the optimiser’s slots')
  return names.data
}
