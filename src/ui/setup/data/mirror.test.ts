import { expect, test } from 'vitest'
import { readMirror } from './mirror.ts'

test('an empty field means the page’s own server', () => {
  expect(readMirror('  ')).toEqual({ value: null })
})

test('an address is taken as it is', () => {
  const address = 'https://example.org/data/cifar-10-binary.tar.gz'
  expect(readMirror(` ${address} `)).toEqual({ value: address })
})

test.each(['example.org/archive', '/archives/', 'file:///etc/hosts', 'javascript:alert(1)', 'https://'])(
  '"%s" is no address of a mirror',
  (text) => {
    expect(readMirror(text)).toHaveProperty('error')
  },
)
