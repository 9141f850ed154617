import { expect, test } from 'vitest'
import { createRunControl } from './run-control.ts'

test('paused it is closed, resumed it is open', () => {
  const control = createRunControl(true)
  expect(control.isOpen()).toBe(false)
  control.resume()
  expect(control.isOpen()).toBe(true)
  control.pause()
  expect(control.isOpen()).toBe(false)
})

test('a step lets exactly one through', () => {
  const control = createRunControl(true)
  control.step()
  expect(control.isOpen()).toBe(true)
  expect(control.consumeStep()).toBe(true)
  expect(control.isOpen()).toBe(false)
  control.resume()
  expect(control.consumeStep()).toBe(false)
})

test('a step while running pauses after it', () => {
  const control = createRunControl(false)
  control.step()
  control.consumeStep()
  expect(control.isOpen()).toBe(false)
})

test('a pause takes back a step that was not yet taken', () => {
  const control = createRunControl(true)
  control.step()
  control.pause()
  expect(control.isOpen()).toBe(false)
})

test('whoever waits is woken by every change', async () => {
  const control = createRunControl(true)
  for (const change of ['resume', 'step', 'pause', 'wake', 'stop'] as const) {
    const woken = control.changed()
    control[change]()
    await woken
  }
  expect(control.isStopped()).toBe(true)
})
