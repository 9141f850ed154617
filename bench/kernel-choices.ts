import type { ChoiceStore } from '../src/engine/webgpu/kernel-choice.ts'

/** Which kernels our engine chose, for one run of the benchmark: it measures them as on a person's first visit. */
export function createKernelChoices(): ChoiceStore {
  const choices = new Map<string, string>()
  return {
    read: async (key) => choices.get(key) ?? null,
    write: async (key, id) => void choices.set(key, id),
  }
}
