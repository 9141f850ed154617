/** Of one image; a vector is 1×1×channels. */
export type Shape = { readonly height: number; readonly width: number; readonly channels: number }
