import { expect, test } from 'vitest'
import { firstDuplicateKey } from './duplicate-key.ts'

test('a key that the outermost object has twice is found', () => {
  expect(firstDuplicateKey('{"a":1,"b":{},"c":[],"b":2}')).toBe('b')
  expect(firstDuplicateKey('{ "a" : {"x":1} ,\n "a"\t:\r\n 2}')).toBe('a')
})

test('two spellings of one key are the same key', () => {
  expect(firstDuplicateKey(String.raw`{"a":1,"\u0061":2}`)).toBe('a')
  expect(firstDuplicateKey(String.raw`{"\"":1,"\\":2,"\"":3}`)).toBe('"')
})

test('keys of inner objects, and values that look like keys, do not count', () => {
  expect(firstDuplicateKey('{"a":{"k":1},"b":{"k":2},"c":["k","k"],"d":"a","e":"a"}')).toBe(null)
  expect(firstDuplicateKey(String.raw`{"a":"\"b\":","b":"{","c":"}"}`)).toBe(null)
})
