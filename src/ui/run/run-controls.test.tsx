// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { mount } from '../../testing/ui/mount-in-lab.tsx'
import type { RunCommands } from './run-commands.ts'
import { type RunControlActions, RunControls } from './run-controls.tsx'

const NOTHING: RunCommands = {
  train: false,
  pause: false,
  resume: false,
  step: false,
  stop: false,
  extend: false,
}

function controls(can: Partial<RunCommands>) {
  const actions = {
    train: vi.fn<RunControlActions['train']>(),
    pause: vi.fn<() => void>(),
    resume: vi.fn<() => void>(),
    step: vi.fn<() => void>(),
    stop: vi.fn<() => void>(),
  }
  const user = mount(<RunControls can={{ ...NOTHING, ...can }} actions={actions} />)
  return { user, actions }
}

const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name })
const enabled = () =>
  screen
    .getAllByRole<HTMLButtonElement>('button')
    .filter(({ disabled }) => !disabled)
    .map(({ textContent }) => textContent)

test('before a session all three ways to train can be pressed, and a step, but nothing to pause or stop', () => {
  controls({ train: true, step: true })
  expect(enabled()).toEqual(['Train both', 'Train A only', 'Train B only', 'Step'])
})

test('while training only Pause and Stop can be pressed', () => {
  controls({ pause: true, stop: true })
  expect(enabled()).toEqual(['Pause', 'Stop'])
})

test('a paused session offers Resume in the place of Pause', () => {
  controls({ resume: true, step: true, stop: true })
  expect(enabled()).toEqual(['Resume', 'Step', 'Stop'])
  expect(screen.queryByRole('button', { name: 'Pause' })).toBeNull()
})

test('each button asks for what it says, once', async () => {
  const { user, actions } = controls({ train: true, pause: true, step: true, stop: true })
  for (const name of ['Train both', 'Train A only', 'Train B only', 'Pause', 'Step', 'Stop']) {
    await user.click(button(name))
  }
  expect(actions.train.mock.calls).toEqual([[['a', 'b']], [['a']], [['b']]])
  for (const asked of [actions.pause, actions.step, actions.stop]) expect(asked).toHaveBeenCalledOnce()
  expect(actions.resume).not.toHaveBeenCalled()
})

test('Resume resumes and does not pause', async () => {
  const { user, actions } = controls({ resume: true, pause: false })
  await user.click(button('Resume'))
  expect(actions.resume).toHaveBeenCalledOnce()
  expect(actions.pause).not.toHaveBeenCalled()
})

test('a disabled button does nothing when it is pressed', async () => {
  const { user, actions } = controls({})
  await user.click(button('Train both'))
  expect(actions.train).not.toHaveBeenCalled()
})

test('the keyboard reaches the buttons that can be pressed, in their order, and no other', async () => {
  const { user, actions } = controls({ train: true, stop: true })
  await user.tab()
  expect(document.activeElement).toBe(button('Train both'))
  await user.tab()
  await user.tab()
  await user.tab()
  expect(document.activeElement).toBe(button('Stop'))
  await user.keyboard('{Enter}')
  expect(actions.stop).toHaveBeenCalledOnce()
})
