import { z } from 'zod'

/** Images as RGBA, ready for a canvas: count × 32 × 32 × 4 bytes. */
export const galleryShape = {
  labels: z.array(z.int()),
  indices: z.array(z.int()),
  rgba: z.instanceof(Uint8Array),
}
