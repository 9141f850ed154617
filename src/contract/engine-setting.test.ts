import { describe, expect, test } from 'vitest'
import { AUTOMATIC, parseEngineChoice, parseThreads, threadsOf } from './engine-setting.ts'

test('an engine that does not exist is answered with those that do', () => {
  expect(() => parseEngineChoice('torch')).toThrow(
    'There is no engine called "torch"; choose auto, webgpu, cpu or tfjs.',
  )
})

describe('threads', () => {
  test.each(['0', '17', '2.5', '-1', 'many', ''])('%j is no count of them', (text) => {
    expect(() => parseThreads(text)).toThrow(/^The CPU engine runs on 1 to 16 threads, not on /)
  })

  test('are one a core, at most 16, where none are asked for', () => {
    expect([1, 8, 64].map((cores) => threadsOf(AUTOMATIC, cores))).toEqual([1, 8, 16])
    expect(threadsOf({ engine: 'cpu', threads: 3 }, 8)).toBe(3)
  })
})
