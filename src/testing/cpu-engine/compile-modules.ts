import { type CpuHost, type ModuleName, MODULES } from '../../engine/cpu/threads/host.ts'

/** Each of the engine's modules, by name. */
export async function compileModules({
  load,
}: Pick<CpuHost, 'load'>): Promise<[ModuleName, WebAssembly.Module][]> {
  return Promise.all(
    MODULES.map(async (name): Promise<[ModuleName, WebAssembly.Module]> => [
      name,
      await WebAssembly.compile(await load(name)),
    ]),
  )
}
