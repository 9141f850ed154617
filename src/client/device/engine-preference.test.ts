import { describe, expect, test } from 'vitest'
import { AUTOMATIC } from '../../contract/engine-setting.ts'
import { enginePreference, rememberEngine, withoutEngine } from './engine-preference.ts'

function storage(content: string | null = null) {
  let stored = content
  return {
    getItem: () => stored,
    setItem(_key: string, value: string) {
      stored = value
    },
  }
}

const CPU = { engine: 'cpu', threads: 3 } as const

test('without an address and without a choice the lab finds the engine', () => {
  expect(enginePreference('?dev', null)).toEqual({ setting: AUTOMATIC, from: 'default', failure: null })
})

test('a choice is remembered', () => {
  const kept = storage()
  rememberEngine(CPU, kept)
  expect(enginePreference('', kept)).toEqual({ setting: CPU, from: 'choice', failure: null })
})

test('the address counts before the choice, each part for itself', () => {
  const kept = storage(JSON.stringify(CPU))
  expect(enginePreference('?engine=webgpu', kept)).toMatchObject({
    setting: { engine: 'webgpu', threads: 3 },
    from: 'address',
  })
  expect(enginePreference('?threads=5', kept)).toMatchObject({ setting: { engine: 'cpu', threads: 5 } })
})

describe('an address that names', () => {
  test.each([
    ['an engine that does not exist', '?engine=torch', 'There is no engine called "torch"; choose auto,'],
    ['too many threads', '?engine=cpu&threads=99', 'on 1 to 16 threads, not on "99"'],
  ])('%s changes nothing, and is answered in one sentence', (_what, search, sentence) => {
    const { setting, from, failure } = enginePreference(search, storage(JSON.stringify(CPU)))
    expect([setting, from]).toEqual([CPU, 'choice'])
    expect(failure).toMatchObject({ code: 'config-invalid', message: expect.stringContaining(sentence) })
  })
})

test.each(['not JSON', '{"engine":"quantum","threads":null}', '{"engine":"cpu","threads":0}', 'null'])(
  'what is stored and is no setting (%s) counts as none',
  (stored) => expect(enginePreference('', storage(stored)).setting).toEqual(AUTOMATIC),
)

test.each([
  ['?engine=cpu&threads=2', ''],
  ['?dev&engine=cpu', '?dev'],
  ['?dev', '?dev'],
  ['', ''],
])('a choice leaves %j as %j', (before, after) => expect(withoutEngine(before)).toBe(after))
