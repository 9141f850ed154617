import { expect, test } from 'vitest'
import { createTurnstile } from './run-control.ts'

test('paused it is closed, resumed it is open', () => {
  const turnstile = createTurnstile(true)
  expect(turnstile.isOpen()).toBe(false)
  turnstile.resume()
  expect(turnstile.isOpen()).toBe(true)
  turnstile.pause()
  expect(turnstile.isOpen()).toBe(false)
})

test('a step lets exactly one through', () => {
  const turnstile = createTurnstile(true)
  turnstile.step()
  expect(turnstile.isOpen()).toBe(true)
  expect(turnstile.taken()).toBe(true)
  expect(turnstile.isOpen()).toBe(false)
  turnstile.resume()
  expect(turnstile.taken()).toBe(false)
})

test('a step while running pauses after it', () => {
  const turnstile = createTurnstile(false)
  turnstile.step()
  turnstile.taken()
  expect(turnstile.isOpen()).toBe(false)
})

test('a pause takes back a step that was not yet taken', () => {
  const turnstile = createTurnstile(true)
  turnstile.step()
  turnstile.pause()
  expect(turnstile.isOpen()).toBe(false)
})

test('whoever waits is woken by every change', async () => {
  const turnstile = createTurnstile(true)
  for (const change of ['resume', 'step', 'pause', 'wake', 'stop'] as const) {
    const woken = turnstile.changed()
    turnstile[change]()
    await woken
  }
  expect(turnstile.isStopped()).toBe(true)
})
