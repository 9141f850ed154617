// A later build of the app without building: every file under assets has another name, and whatever names it follows.
import { cp, mkdtemp, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'

const TEXT = new Set(['.html', '.js', '.css'])

/** @returns its folder */
export async function nextBuild(folder: string): Promise<string> {
  const next = await mkdtemp(join(tmpdir(), 'next-build-'))
  await cp(folder, next, { recursive: true, filter: (path) => !path.endsWith('.map') })
  const names = await readdir(join(next, 'assets'))
  // As long as before, so that nothing else about a file changes.
  const renamed = names.map((name) => [name, name.replace(/-.(?=[\w-]{7}\.\w+$)/, '-N')] as const)
  const follow = (text: string) => renamed.reduce((all, [from, to]) => all.replaceAll(from, to), text)
  for (const name of await readdir(next, { recursive: true })) {
    const path = join(next, name)
    if (!TEXT.has(extname(name))) continue
    const text = follow(await readFile(path, 'utf8'))
    await writeFile(path, name === 'service-worker.js' ? withNewRevisions(text) : text)
  }
  for (const [from, to] of renamed) await rename(join(next, 'assets', from), join(next, 'assets', to))
  return next
}

/** Of the files that keep their names, index.html among them. */
function withNewRevisions(worker: string): string {
  return worker.replaceAll(/("?revision"?:\s*["'`])./g, '$1n')
}
