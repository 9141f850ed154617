import { wgsl } from './wgsl.ts'

/** Writes a value to the tensor `destination`, or adds it where `dims.accumulate` is 1. */
export function store(index: string, value: string): string {
  const at = `destination[${index}]`
  return wgsl`${at} = ${value} + select(vec4f(), ${at}, dims.accumulate == 1u);`
}
