import { expect, test } from 'vitest'
import { lineText, logText } from './log-text.ts'

const AT = new Date(2026, 0, 5, 9, 4, 7).getTime()

test('a line says the time of day, the run and the text', () => {
  expect(lineText({ at: AT, level: 'info', run: 'A', text: 'epoch 1' })).toBe('09:04:07 A epoch 1')
})

test('warnings and errors are named, not only coloured', () => {
  expect(lineText({ at: AT, level: 'error', run: null, text: 'device lost' })).toBe(
    '09:04:07 error: device lost',
  )
})

test('copied lines carry their date and end with a line break each', () => {
  const line = { at: AT, level: 'info', run: null, text: 'begun' } as const
  expect(logText([line, line])).toBe('2026-01-05 09:04:07 begun\n2026-01-05 09:04:07 begun\n')
})
