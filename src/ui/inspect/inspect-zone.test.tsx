// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { mountInLab } from '../../testing/ui/mount-in-lab.tsx'
import { INSPECT_TABS } from './index.ts'
import { InspectZone } from './inspect-zone.tsx'

test('every tab of the list opens on a page just opened, and shows something', async () => {
  const { user } = mountInLab(<InspectZone />)
  expect(screen.getAllByRole('tab').map(({ textContent }) => textContent)).toEqual(
    INSPECT_TABS.map(({ title }) => title),
  )
  for (const { title } of INSPECT_TABS) {
    await user.click(screen.getByRole('tab', { name: title }))
    const panel = screen.getByRole('tabpanel', { name: title })
    await waitFor(() => expect(panel.textContent).not.toBe(''))
    expect(screen.queryByRole('alert')).toBeNull()
  }
})

test('what a tab shows until it applies gives way to its panel', async () => {
  const { store } = mountInLab(<InspectZone />)
  expect(screen.getByText('No test results yet.')).toBeDefined()
  const evaluation = {
    total: 2,
    correct: 1,
    accuracy: 0.5,
    loss: 1,
    confusion: [
      [1, 0],
      [1, 0],
    ],
    perClass: [],
  }
  store.setState({
    imported: [
      {
        key: 'f',
        fileName: 'mine.safetensors',
        set: 'builtin',
        network: store.getState().setup.network,
        networkFrom: { kind: 'file' },
        evaluation,
      },
    ],
  })
  expect(await screen.findByText(/mine\.safetensors/)).toBeDefined()
  expect(screen.queryByText('No test results yet.')).toBeNull()
})
