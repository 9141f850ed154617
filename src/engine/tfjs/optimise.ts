// Optimisers over flat vectors, by the formulas of src/optimisers.
import * as tf from '@tensorflow/tfjs'
import type { Arithmetic } from '../../optimisers/formula.ts'
import { formulaOf, type OptimiserConfig } from '../../optimisers/index.ts'
import type { Parameter } from '../../network/graph.ts'
import type { PackedLayout } from './flat-layout.ts'

export type OptimiserState = {
  readonly parameters: tf.Tensor1D
  /** What the optimiser remembers, in the order of `slotNames`; zeros at first. */
  readonly slots: tf.Tensor1D[]
}

export type OptimiserStep = {
  readonly gradient: tf.Tensor1D
  /** The weight decay of every value; none where nothing decays. */
  readonly decay: tf.Tensor1D | undefined
  readonly learningRate: number
  /** 1 for the first. */
  readonly number: number
}

/** A number stands for a vector of it; null for zeros, of which nothing is computed. */
type Vector = tf.Tensor1D | number | null

const VECTORS: Arithmetic<Vector> = {
  one: 1,
  add: (a, b) => (a === null ? b : b === null ? a : both(a, b, (x, y) => x + y, tf.add<tf.Tensor1D>)),
  subtract: (a, b) => (b === null ? a : both(a ?? 0, b, (x, y) => x - y, tf.sub<tf.Tensor1D>)),
  multiply(a, b) {
    if (a === null || b === null) return null
    if (a === 1) return b
    return b === 1 ? a : both(a, b, (x, y) => x * y, tf.mul<tf.Tensor1D>)
  },
  divide: (a, b) => (a === null ? null : both(a, b ?? 0, (x, y) => x / y, tf.div<tf.Tensor1D>)),
  square: (a) => each(a, (x) => x * x, tf.square<tf.Tensor1D>),
  squareRoot: (a) => each(a, Math.sqrt, tf.sqrt<tf.Tensor1D>),
  sign: (a) => each(a, Math.sign, tf.sign<tf.Tensor1D>),
  named: (_, value) => value,
}

function both(
  a: tf.Tensor1D | number,
  b: tf.Tensor1D | number,
  ofNumbers: (a: number, b: number) => number,
  ofVectors: (a: tf.Tensor1D | number, b: tf.Tensor1D | number) => tf.Tensor1D,
): tf.Tensor1D | number {
  return typeof a === 'number' && typeof b === 'number' ? ofNumbers(a, b) : ofVectors(a, b)
}

function each(a: Vector, ofNumber: (a: number) => number, ofVector: (a: tf.Tensor1D) => tf.Tensor1D): Vector {
  if (a === null) return null
  return typeof a === 'number' ? ofNumber(a) : ofVector(a)
}

/** The state after a step, in new tensors; call it in a `tidy`. */
export function optimise(
  { parameters, slots }: OptimiserState,
  { gradient, decay, learningRate, number }: OptimiserStep,
  optimiser: OptimiserConfig,
): OptimiserState {
  const formula = formulaOf(optimiser)
  const after = formula.update(
    VECTORS,
    { value: parameters, gradient, decay: decay ?? null, rate: learningRate },
    {
      ...Object.fromEntries(formula.slots.map((name, i) => [name, vector(slots[i], name)])),
      ...formula.constants(optimiser),
      ...formula.stepFactors(optimiser, number),
    },
  )
  return {
    parameters: vector(after['value'], 'value'),
    slots: formula.slots.map((name) => vector(after[name], name)),
  }
}

function vector(value: Vector | undefined, name: string): tf.Tensor1D {
  if (value === undefined || value === null || typeof value === 'number') {
    throw new Error(`the optimiser's ${name} is no vector`)
  }
  return value
}

/**
 * The weight decay of every value of the flat parameter vector; none where nothing decays.
 * @param decaying the parameters that do
 */
export function decayVector(
  decaying: readonly Parameter[],
  layout: PackedLayout,
  optimiser: OptimiserConfig,
): Float32Array | undefined {
  if (optimiser.weightDecay === 0) return undefined
  const decays = new Float32Array(layout.size)
  const names = new Set(decaying.map(({ name }) => name))
  for (const { name, offset, size } of layout.entries) {
    if (names.has(name)) decays.fill(optimiser.weightDecay, offset, offset + size)
  }
  return decays
}
