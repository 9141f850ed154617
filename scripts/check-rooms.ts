// Part of `npm run lint`: what oxlint cannot say of src/, because it takes all files at once. Circles of imports (through
// `new URL` and `import()` too), crowded folders, files too small to stand alone, test support in production files.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Path → text. Paths are relative, with slashes. */
export type Sources = ReadonlyMap<string, string>
type Imports = ReadonlyMap<string, readonly string[]>

/** Source files side by side in a folder. */
const MOST_FILES = 20

/** Folders that hold more, until they are divided: how many. */
const CROWDED: Readonly<Record<string, number>> = {}

const SMALL_LINES = 40
const MOST_SMALL_FILES = 40

const SPECIFIERS = [
  /\b(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g,
  /new URL\(\s*['"]([^'"]+)['"],\s*import\.meta\.url/g,
]

const isTest = (file: string) => /\.test\.tsx?$/.test(file)
const isTestSupport = (file: string) =>
  /(^|\/)(testing|suites|fixtures)\//.test(file) || /\.test-support\.tsx?$/.test(file)
const isProduction = (file: string) => !isTest(file) && !isTestSupport(file)

export function importsOf(sources: Sources): Imports {
  return new Map(
    [...sources].map(([file, text]) => {
      const specifiers = SPECIFIERS.flatMap((pattern) =>
        [...text.matchAll(pattern)].map(([, path = '']) => path),
      )
      const targets = specifiers.map((path) => posix.join(posix.dirname(file), path))
      return [file, [...new Set(targets)].filter((target) => sources.has(target))]
    }),
  )
}

/** The shortest circle of each file that lies on one, but for those on a circle already found. */
export function circles(imports: Imports): string[] {
  const found: (readonly string[])[] = []
  for (const file of imports.keys()) {
    if (found.some((circle) => circle.includes(file))) continue
    const circle = shortestWayBack(imports, file)
    if (circle) found.push(circle)
  }
  return found.map((circle) => `${circle.join(' → ')}: these files import one another in a circle.`)
}

function shortestWayBack(imports: Imports, start: string): readonly string[] | null {
  const reached = new Set<string>()
  let ways = [[start]]
  while (ways.length > 0) {
    const longer: string[][] = []
    for (const way of ways) {
      for (const next of imports.get(way.at(-1) ?? start) ?? []) {
        if (next === start) return [...way, start]
        if (reached.has(next)) continue
        reached.add(next)
        longer.push([...way, next])
      }
    }
    ways = longer
  }
  return null
}

export function crowdedFolders(
  files: Iterable<string>,
  exceptions: Readonly<Record<string, number>> = {},
): string[] {
  const counts = new Map<string, number>()
  for (const file of files) {
    if (!isProduction(file)) continue
    const folder = posix.dirname(file)
    counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  return [...counts]
    .filter(([folder, count]) => count > (exceptions[folder] ?? MOST_FILES))
    .map(
      ([folder, count]) =>
        `${folder} has ${count} source files side by side: divide it by what they are for.`,
    )
}

/** Files that only one file beside them imports, and that no test of their own needs. A list of kinds (`index.ts`) is no such importer. */
export function smallFiles(sources: Sources, imports: Imports): string[] {
  const importers = new Map<string, string[]>()
  for (const [file, targets] of imports) {
    if (!isProduction(file)) continue
    for (const target of targets) importers.set(target, [...(importers.get(target) ?? []), file])
  }
  return [...sources].flatMap(([file, text]) => {
    const [importer, ...others] = importers.get(file) ?? []
    if (!isProduction(file) || text.trimEnd().split('\n').length >= SMALL_LINES) return []
    if (
      importer === undefined ||
      importer.endsWith('/index.ts') ||
      others.length > 0 ||
      posix.dirname(importer) !== posix.dirname(file)
    )
      return []
    const name = file.replace(/\.tsx?$/, '')
    const isTested = ['.test.ts', '.test.tsx', '.gpu.test.ts'].some((ending) => sources.has(name + ending))
    return isTested ? [] : [`${file} is small and imported by ${importer} alone`]
  })
}

export function importedTestSupport(imports: Imports): string[] {
  return [...imports].flatMap(([file, targets]) =>
    isProduction(file)
      ? targets
          .filter((target) => !isProduction(target))
          .map((target) => `${file} imports ${target}: test support has no place in production.`)
      : [],
  )
}

function readSources(root: string): Sources {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => `src/${file.replaceAll('\\', '/')}`)
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('src/engine/cpu/assembly/'))
    .toSorted()
  return new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))
}

function checkRooms(root: string): void {
  const sources = readSources(root)
  const imports = importsOf(sources)
  const small = smallFiles(sources, imports)
  const problems = [
    ...circles(imports),
    ...crowdedFolders(sources.keys(), CROWDED),
    ...importedTestSupport(imports),
  ]
  if (small.length > MOST_SMALL_FILES) {
    problems.push(
      ...small,
      `${small.length} files under ${SMALL_LINES} lines belong to their only importer: ${MOST_SMALL_FILES} may.`,
    )
  }
  for (const problem of problems) console.error(problem)
  console.log(`${sources.size} files in src/; ${small.length} small ones with one importer beside them.`)
  if (problems.length > 0) process.exitCode = 1
}

const file = fileURLToPath(import.meta.url)
if (process.argv[1] !== undefined && resolve(process.argv[1]) === file)
  checkRooms(resolve(dirname(file), '..'))
