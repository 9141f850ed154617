// How what a network keeps from step to step lies in its memory.
import { IMAGE_BYTES } from '../../../base/data-set.ts'
import { featuresNode, type Graph } from '../../../network/graph.ts'
import type { CompileOptions } from '../../engine.ts'
import { slotNames } from '../../../optimisers/index.ts'
import { normalisationTableBytes, ROTATION_BYTES } from '../../image-upload.ts'
import {
  type FlatTensors,
  FLOAT_BYTES,
  flatTensors,
  inLanes,
  storedChannels,
  STRETCH_BYTES,
} from './layout.ts'
import type { AreaName } from '../lowering/work.ts'

export type NetworkLayout = {
  /** Of the parameters, their gradients and each of the optimiser's slots. */
  readonly parameters: FlatTensors
  readonly statistics: FlatTensors
  /** The optimiser's slots, in the order in which they lie in their area. */
  readonly slots: readonly string[]
  readonly bytes: Readonly<Record<AreaName, number>>
}

/** Z and the mean, one behind the other. */
export const WHITENING_MATRIX_BYTES = IMAGE_BYTES ** 2 * FLOAT_BYTES
const WHITENING_MEAN_BYTES = IMAGE_BYTES * FLOAT_BYTES
/** Loss and correct count of an image, float64. */
const RESULT_BYTES = 16

/** @param images of a batch at most, of steps and evaluations alike; @param trains whether there are steps */
export function networkLayout(
  graph: Graph,
  { optimiser, normalisation, whitening }: Pick<CompileOptions, 'optimiser' | 'normalisation' | 'whitening'>,
  images: number,
  trains: boolean,
): NetworkLayout {
  const inputs = new Map(
    graph.nodes.flatMap((node) =>
      node.op === 'conv2d' || node.op === 'dense'
        ? [[node.attrs.weight, storedChannels(graph, node.inputs[0])] as const]
        : [],
    ),
  )
  const parameters = flatTensors(graph.parameters, (name) => inputs.get(name) ?? 0)
  const statistics = flatTensors(graph.statistics, () => 0)
  const slots = slotNames(optimiser)
  const vectors = (channels: number) => images * inLanes(channels) * FLOAT_BYTES
  const ifTrains = (bytes: number) => (trains ? bytes : 0)
  return {
    parameters,
    statistics,
    slots,
    bytes: {
      parameters: parameters.bytes,
      gradients: ifTrains(parameters.bytes),
      slots: ifTrains(slots.length * parameters.bytes),
      statistics: statistics.bytes,
      decay: ifTrains((parameters.bytes / STRETCH_BYTES) * FLOAT_BYTES),
      normalised: normalisationTableBytes(normalisation),
      whitening: whitening ? WHITENING_MATRIX_BYTES + WHITENING_MEAN_BYTES : 0,
      words: images * FLOAT_BYTES,
      rotations: images * ROTATION_BYTES,
      pixels: images * IMAGE_BYTES,
      results: ifTrains(images * RESULT_BYTES),
      metrics: RESULT_BYTES,
      logits: vectors(graph.classes),
      features: vectors(featuresNode(graph).shape.channels),
    },
  }
}
