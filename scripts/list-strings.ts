// Prints every text that a person can read on the page, in the command line or in an error, with its file and line: for
// whoever edits the words. `npx tsx scripts/list-strings.ts [path …]`
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'
import { textsOf } from './strings/texts-of.ts'

const paths = process.argv.length > 2 ? process.argv.slice(2) : ['src']
const files = paths.flatMap((path) => (statSync(path).isDirectory() ? sourceFiles(path) : [path]))

for (const file of files.toSorted()) {
  const source = readFileSync(file, 'utf8')
  const { program, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  for (const { at, text } of textsOf(program, source, { isWholly: showsAll(file) })) {
    const line = source.slice(0, at).split('\n').length
    console.log(`${file}:${line}\t${text}`)
  }
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter(
      (path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|\/(assembly|generated|kernels|testing)\//.test(path),
    )
}

/** Engines name kernels and values, and scripts are Python: of these only errors and named fields are read. */
function showsAll(file: string): boolean {
  return !/(^|\/)src\/(engine|transfer\/pytorch)\//.test(file)
}
