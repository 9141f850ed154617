/** How activations and their gradients are stored on the device; arithmetic is float32 either way. */
export const ACTIVATION_FORMATS = ['f32', 'f16'] as const
export type ActivationFormat = (typeof ACTIVATION_FORMATS)[number]
