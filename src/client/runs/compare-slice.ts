import type { ComparedRun } from '../../runs/compared-run.ts'

export type CompareSlice = {
  /** The stored runs that are compared, in the order in which they were chosen. */
  readonly compared: readonly ComparedRun[]
}

export const NOTHING_COMPARED: CompareSlice = { compared: [] }
