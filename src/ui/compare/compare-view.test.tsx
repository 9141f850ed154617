// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { LabActions } from '../../client/lab.ts'
import { comparedRun } from '../../testing/runs/compared-runs.ts'
import { mountInLab } from '../../testing/ui/mount-in-lab.tsx'
import { CompareView } from './compare-view.tsx'

const PAIRS = [1, 2, 3].flatMap((seed) => [
  comparedRun({ seed, accuracies: [50, 90 + seed], identity: true }),
  comparedRun({ seed, accuracies: [40, 80 + 2 * seed], identity: false }),
])

const table = () => screen.getByRole('region', { name: 'Compared runs, in columns' })
const accuracies = () =>
  within(within(table()).getByRole('row', { name: /^Test accuracy after epoch 2/ }))
    .getAllByRole('cell')
    .map((cell) => cell.textContent)

test('runs stand side by side in a column each, at the last epoch that all have', () => {
  mountInLab(<CompareView runs={PAIRS.slice(0, 2)} />)
  expect(accuracies().map((text) => text?.slice(0, 5))).toEqual(['91.00', '82.00'])
})

test('over seeds the view turns to means with their deviation and n', async () => {
  const { user } = mountInLab(<CompareView runs={PAIRS} />)
  expect(accuracies()).toHaveLength(6)
  await user.click(screen.getByRole('radio', { name: 'Means over seeds' }))
  expect(accuracies().map((text) => text?.replaceAll('\u202f', ' '))).toEqual([
    '92.00 ± 1.00 % (n = 3)',
    '84.00 ± 2.00 % (n = 3)',
  ])
})

test('three seeds a group are tested, and the findings are listed', () => {
  mountInLab(<CompareView runs={PAIRS} />)
  const findings = within(screen.getByRole('region', { name: 'Significance tests' })).getAllByRole('listitem')
  expect(findings.map(({ textContent }) => textContent)).toEqual([
    expect.stringMatching(/^After epoch 2: over seeds, the mean accuracy of group B is 8\.00 .* lower/),
    expect.stringMatching(/^After epoch 2: with the same seed/),
  ])
})

test('too few seeds are said to be too few', () => {
  mountInLab(<CompareView runs={PAIRS.slice(0, 4)} />)
  expect(screen.getByText(/^Significance tests need at least 3 seeds per group\./)).toBeDefined()
})

test('the table is exported in the format that is chosen', async () => {
  const exportResults = vi.fn<LabActions['exportResults']>(() => Promise.resolve())
  const { user } = mountInLab(<CompareView runs={PAIRS.slice(0, 2)} />, { actions: { exportResults } })
  await user.click(screen.getByRole('button', { name: 'Export table' }))
  await user.click(screen.getByRole('menuitem', { name: 'LaTeX' }))
  expect(exportResults).toHaveBeenCalledOnce()
  expect(exportResults.mock.calls[0]).toEqual(['latex', expect.anything()])
})
