// Pieces of WGSL text. Shaders are TypeScript templates because their register tiles must be unrolled in the text.

/** Marks a template as WGSL, for editors; values go in as they are. */
export const wgsl = String.raw

/** Directive of a shader whose lanes pass values on: the device must have the feature `subgroups`. */
export const SUBGROUPS = 'enable subgroups;'
/** Directive besides: they do so where not all lanes of a subgroup come by, which the shader vouches for. */
export const UNEVEN_SUBGROUPS = 'diagnostic(off, subgroup_uniformity);'

/** Lines for 0 … count − 1, one below the other. */
export function unroll(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n')
}

/** Items 0 … count − 1 with commas between. */
export function list(count: number, item: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => item(index)).join(', ')
}
