// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { SessionRecord } from '../../client/session/session-record.ts'
import { mountInLab } from '../../testing/ui/mount-in-lab.tsx'
import { UpdateNotice } from './update-notice.tsx'

const SESSION: SessionRecord = {
  session: 's',
  state: 'running',
  phase: null,
  kernels: null,
  notice: null,
  failure: null,
  runs: ['a'],
  isStored: false,
}

function mountNotice(session: SessionRecord | null, isReady = true) {
  const load = vi.fn<() => void>()
  const updates = { ...createStore(() => ({ isReady })), load }
  return { ...mountInLab(<UpdateNotice updates={updates} />, { state: { session } }), load }
}

const button = () => screen.queryByRole('button', { name: 'Reload' })

test('nothing is said before there is a new version', () => {
  mountNotice(null, false)
  expect(screen.queryByText(/new version/)).toBeNull()
  expect(button()).toBeNull()
})

test('a new version is offered, and loaded when a person presses', async () => {
  const { user, load } = mountNotice(null)
  expect(screen.getByText(/^A new version is ready/)).toBeTruthy()
  expect(load).not.toHaveBeenCalled()
  await user.click(screen.getByRole('button', { name: 'Reload' }))
  expect(load).toHaveBeenCalledOnce()
})

test.each(['preparing', 'running', 'evaluating'] as const)(
  'while a session is %s it waits, and says so',
  (state) => {
    mountNotice({ ...SESSION, state })
    expect(screen.getByText(/Pause training to load it, or go on: it waits\.$/)).toBeTruthy()
    expect(button()).toBeNull()
  },
)

test.each([
  { ...SESSION, state: 'paused' },
  { ...SESSION, state: 'finished' },
  { ...SESSION, isStored: true },
] as const)('a session that a reload brings back (%o) does not keep it waiting', (session) => {
  mountNotice(session)
  expect(button()).not.toBeNull()
})
