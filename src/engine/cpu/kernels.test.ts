// The table of kernels says what assembly/ says: names, numbers, and each argument's name, place and type.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { KERNEL_NAMES, KERNELS } from './kernels.ts'

const ASSEMBLY = new URL('assembly/', import.meta.url)
const sources = readdirSync(ASSEMBLY)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(new URL(name, ASSEMBLY), 'utf8'))

type Case = { readonly number: number; readonly kernel: string; readonly arguments: string }

/** `case 3:` and what it returns, in their order. */
function dispatched(): Case[] {
  const source = readFileSync(new URL('kernels.ts', ASSEMBLY), 'utf8')
  const found = source.matchAll(/case (\d+):\s+return (\w+)\(changetype<(\w+)>\(at\)/g)
  return Array.from(found, ([, number, kernel = '', words = '']) => ({
    number: Number(number),
    kernel,
    arguments: words,
  }))
}

/** What a word of each of AssemblyScript's types is to the table. */
const WORDS = { usize: 'i32', i32: 'i32', u32: 'i32', f32: 'f32' } as const
const isType = (type: string): type is keyof typeof WORDS => Object.hasOwn(WORDS, type)

/** The fields of each class, in their order. */
function classes(): Map<string, [string, string][]> {
  const found = new Map<string, [string, string][]>()
  for (const source of sources) {
    for (const [, name = '', body = ''] of source.matchAll(/class (\w+) \{\n([\s\S]*?)\n\}/g)) {
      const fields = Array.from(
        body.matchAll(/^ {2}(\w+): (\w+)$/gm),
        ([, field = '', type = '']): [string, string] => [
          field,
          isType(type) ? WORDS[type] : `no word: ${type}`,
        ],
      )
      found.set(name, fields)
    }
  }
  return found
}

describe('the table of kernels', () => {
  const cases = dispatched()

  test('has the kernels in the order of their numbers', () => {
    expect(cases.map(({ kernel }) => kernel)).toEqual(KERNEL_NAMES)
    expect(cases.map(({ number }) => number)).toEqual([...cases.keys()])
  })

  test.each(Object.entries(KERNELS))(
    'has the arguments of %s in their order, of their types',
    (name, words) => {
      const found = cases.find(({ kernel }) => kernel === name)
      expect(classes().get(found?.arguments ?? '')).toEqual(Object.entries(words))
    },
  )
})
