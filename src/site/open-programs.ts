// Which versions of the lab are open, in whatever tab: each page holds a Web Lock named after its program's file.

const PREFIX = 'residual-lab-program '

/** @param program the address of the script that index.html starts; it differs from build to build */
export function holdProgram(locks: LockManager, program: string): void {
  const untilThePageIsGone = new Promise<void>(() => undefined)
  // Where a browser refuses, versions are not told apart, and the newest one's files are kept.
  locks.request(PREFIX + program, { mode: 'shared' }, () => untilThePageIsGone).catch(() => undefined)
}

export async function openPrograms(locks: LockManager): Promise<string[]> {
  const { held = [] } = await locks.query()
  return held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []))
}
