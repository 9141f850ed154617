// An optimiser's step, written once over an arithmetic: numbers in the reference, tensors in tfjs, and the sources of the
// WebGPU and the CPU engine's kernels.

/**
 * What a formula is made of. The order of operations is the formula's, except that the kernels multiply a product from
 * left to right (WebGPU), or its scalars first (CPU): a multiplication less for every value.
 */
export type Arithmetic<Value> = {
  readonly one: Value
  add(a: Value, b: Value): Value
  subtract(a: Value, b: Value): Value
  multiply(a: Value, b: Value): Value
  divide(a: Value, b: Value): Value
  square(a: Value): Value
  squareRoot(a: Value): Value
  /** −1, 0 or 1. */
  sign(a: Value): Value
  /** A value that is computed once, by a name of its own in the kernels. */
  named(name: string, value: Value): Value
}

/** What every formula is given. */
export type StepInputs<Value> = {
  /** Of the parameter, before the step. */
  readonly value: Value
  readonly gradient: Value
  /** The parameter's weight decay; 0 where it does not decay. */
  readonly decay: Value
  readonly rate: Value
}

/** Numbers a kernel has room for. */
export const MOST_SLOTS = 2
export const MOST_CONSTANTS = 6
export const MOST_STEP_FACTORS = 2

/** One way in which an optimiser moves a parameter; an optimiser with options can have several. */
export interface Formula<Config> {
  /** What it remembers of every parameter, by PyTorch's names (SGD's `momentum_buffer` is `momentum`); zeros at first. */
  readonly slots: readonly string[]
  /** Values of fields, beside the defaults, with which it is this formula's turn. */
  readonly example: Readonly<Record<string, unknown>>
  /** Whether it is this formula's turn; the first of an optimiser's to which it is moves the parameters. */
  applies(config: Config): boolean
  /** In float64: 1 − 0.999 keeps four digits in float32. */
  constants(config: Config): Readonly<Record<string, number>>
  /** What changes with every step. @param step 1 for the first */
  stepFactors(config: Config, step: number): Readonly<Record<string, number>>
  /** @param known slots, constants and step factors by name @returns the new `value`, and the new slots by name */
  update<Value>(
    arithmetic: Arithmetic<Value>,
    inputs: StepInputs<Value>,
    known: Readonly<Record<string, Value>>,
  ): Readonly<Record<string, Value>>
}

export function defineFormula<
  Config,
  const Slot extends string = never,
  Constant extends string = never,
  Factor extends string = never,
>(definition: {
  readonly slots?: readonly Slot[]
  readonly example?: Readonly<Record<string, unknown>>
  readonly applies?: (config: Config) => boolean
  readonly constants?: (config: Config) => Readonly<Record<Constant, number>>
  readonly stepFactors?: (config: Config, step: number) => Readonly<Record<Factor, number>>
  update<Value>(
    arithmetic: Arithmetic<Value>,
    inputs: StepInputs<Value>,
    known: Readonly<Record<Slot | Constant | Factor, Value>>,
  ): Readonly<Record<'value' | Slot, Value>>
}): Formula<Config> {
  const { slots = [], example = {}, applies, constants, stepFactors } = definition
  return {
    slots,
    example,
    applies: (config) => applies?.(config) ?? true,
    constants: (config) => constants?.(config) ?? {},
    stepFactors: (config, step) => stepFactors?.(config, step) ?? {},
    update: (arithmetic, inputs, known) => definition.update(arithmetic, inputs, known),
  }
}

/** The gradient with the weight decay in it (L2 regularisation). */
export function decayedGradient<Value>(
  a: Arithmetic<Value>,
  { value, gradient, decay }: StepInputs<Value>,
): Value {
  return a.named('decayed', a.add(gradient, a.multiply(decay, value)))
}

/** The parameter shrunk by its weight decay, apart from the gradient (arXiv:1711.05101). */
export function shrunkValue<Value>(a: Arithmetic<Value>, { value, decay, rate }: StepInputs<Value>): Value {
  return a.named('shrunk', a.multiply(value, a.subtract(a.one, a.multiply(rate, decay))))
}
