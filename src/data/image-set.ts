/** Images of one split, held in memory. */
export type ImageSet = {
  readonly count: number
  /** count × 3,072 bytes, planar R, G, B. */
  readonly pixels: Uint8Array
  /** count class indices (CIFAR-100: the fine ones). */
  readonly labels: Uint8Array
  /** By class index. */
  readonly classNames: readonly string[]
}
