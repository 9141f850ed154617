import { describe, expect, test } from 'vitest'
import { circles, crowdedFolders, importedTestSupport, importsOf, smallFiles } from './check-rooms.ts'

const importsIn = (files: Readonly<Record<string, string>>) => importsOf(new Map(Object.entries(files)))
const FEW_LINES = 'export const a = 1\n'
const MANY_LINES = FEW_LINES.repeat(40)

describe('imports', () => {
  test.each([
    ['a value', "import { b } from './b.ts'"],
    ['a type', "import type { B } from './b.ts'"],
    ['several lines', "import {\n  b,\n} from './b.ts'"],
    ['effects', "import './b.ts'"],
    ['an export', "export { b } from './b.ts'"],
    ['a later import', "const { b } = await import('./b.ts')"],
    ['a worker', "new Worker(new URL('./b.ts', import.meta.url))"],
    ['a worker without a dot', "new Worker(new URL('b.ts', import.meta.url))"],
    ['another folder', "import { b } from '../src/b.ts'"],
  ])('%s is seen', (_, text) => {
    expect(importsIn({ 'src/a.ts': text, 'src/b.ts': '' }).get('src/a.ts')).toEqual(['src/b.ts'])
  })

  test('packages and files that are no source are not followed', () => {
    const text = "import { z } from 'zod'\nimport styles from './a.module.css'"
    expect(importsIn({ 'src/a.ts': text }).get('src/a.ts')).toEqual([])
  })
})

describe('circles', () => {
  test('files in a line make none', () => {
    const files = { 'a.ts': "import './b.ts'\nimport './c.ts'", 'b.ts': "import './c.ts'", 'c.ts': '' }
    expect(circles(importsIn(files))).toEqual([])
  })

  test('a circle is told by its shortest way, once for all files on it, and without the file that leads to it', () => {
    const files = {
      'start.ts': "import './a.ts'",
      'a.ts': "import type { B } from './b.ts'",
      'b.ts': "import './c.ts'\nimport './long.ts'",
      'c.ts': "import('./a.ts')",
      'long.ts': "import './c.ts'",
    }
    expect(circles(importsIn(files))).toEqual([
      'a.ts → b.ts → c.ts → a.ts: these files import one another in a circle.',
      'long.ts → c.ts → a.ts → b.ts → long.ts: these files import one another in a circle.',
    ])
  })
})

describe('folders', () => {
  const named = (count: number, ending: string) =>
    Array.from({ length: count }, (_, i) => `src/room/${i}${ending}`)

  test('the twenty-first source file crowds one', () => {
    expect(crowdedFolders(named(20, '.ts'))).toEqual([])
    expect(crowdedFolders(named(21, '.ts'))).toEqual([
      'src/room has 21 source files side by side: divide it by what they are for.',
    ])
  })

  test('tests and their support do not count', () => {
    const more = [...named(9, '.test.ts'), ...named(9, '.test-support.ts'), 'src/room/testing/a.ts']
    expect(crowdedFolders([...named(20, '.ts'), ...more])).toEqual([])
  })

  test('an exception grows no further', () => {
    expect(crowdedFolders(named(21, '.ts'), { 'src/room': 21 })).toEqual([])
    expect(crowdedFolders(named(22, '.ts'), { 'src/room': 21 })).toHaveLength(1)
  })
})

describe('small files', () => {
  const smallIn = (files: Readonly<Record<string, string>>) =>
    smallFiles(new Map(Object.entries(files)), importsIn(files))

  test('one that a single file beside it imports is small', () => {
    expect(smallIn({ 'a.ts': "import './b.ts'", 'b.ts': FEW_LINES })).toEqual([
      'b.ts is small and imported by a.ts alone',
    ])
  })

  test.each([
    ['of 40 lines', { 'a.ts': "import './b.ts'", 'b.ts': MANY_LINES }],
    ['with a test', { 'a.ts': "import './b.ts'", 'b.ts': FEW_LINES, 'b.test.ts': "import './b.ts'" }],
    ['with two importers', { 'a.ts': "import './b.ts'", 'c.ts': "import './b.ts'", 'b.ts': FEW_LINES }],
    ['for another folder', { 'a.ts': "import './in/b.ts'", 'in/b.ts': FEW_LINES }],
    ['that nothing imports', { 'b.ts': FEW_LINES }],
  ])('one %s is not', (_, files) => {
    expect(smallIn(files)).toEqual([])
  })
})

describe('test support', () => {
  test.each(['testing/b.ts', 'b.test-support.ts', 'suites/b.ts', 'fixtures/b.ts'])(
    '%s may be imported by tests and by test support only',
    (support) => {
      const text = `import './${support}'`
      const files = { 'a.ts': text, 'a.test.ts': text, 'c.test-support.ts': text, [support]: '' }
      expect(importedTestSupport(importsIn(files))).toEqual([
        `a.ts imports ${support}: test support has no place in production.`,
      ])
    },
  )
})
