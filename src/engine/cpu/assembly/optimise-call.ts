/** Bytes of the parameters that have one weight decay. */
export const STRETCH: usize = 256

@unmanaged
export class OptimiseCall {
  parameters: usize
  gradients: usize
  /** The optimiser's slots, where it has them. */
  slot0: usize
  slot1: usize
  /** One weight decay a stretch. */
  decay: usize
  /** By its number: see generated/formulas.ts. */
  formula: i32
  /** The formula's, in its order. */
  constant0: f32
  constant1: f32
  constant2: f32
  constant3: f32
  constant4: f32
  constant5: f32
}
