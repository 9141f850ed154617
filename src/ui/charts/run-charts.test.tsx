// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { comparedRun } from '../../testing/runs/compared-runs.ts'
import { mount } from '../../testing/ui/mount-in-lab.tsx'
import type { ComparedRun } from '../../runs/compared-run.ts'
import { comparisonOf } from '../compare/comparison.ts'
import { RunCharts } from './run-charts.tsx'

function runOf(identity: boolean, losses: readonly number[]): ComparedRun {
  const all = (value: number) => new Float64Array(losses.length).fill(value)
  const steps = { loss: Float64Array.from(losses), accuracy: all(0.5), learningRate: all(0.1) }
  return { ...comparedRun({ seed: 1, accuracies: [50, 60], identity }), steps }
}

function chartsOf(losses: readonly number[]) {
  const runs = [true, false].map((identity) => runOf(identity, losses))
  const series = comparisonOf(runs).runs.map((run) => run.series)
  return mount(<RunCharts runs={series} stepsPerEpoch={10} plannedSteps={400} about="" synthetic={false} />)
}

const falling = Array.from({ length: 200 }, (_, i) => 2.5 / (1 + i / 50))

test('a run is hidden and shown again by its chip, with what is said of it', async () => {
  const user = chartsOf(falling)
  await screen.findByRole('region', { name: 'Loss' })
  const chips = within(await screen.findByRole('group', { name: 'Runs shown' })).getAllByRole('button')
  const said = () => screen.getAllByText(/training loss .* at step 1, /).length
  expect(chips.map((chip) => chip.getAttribute('aria-pressed'))).toEqual(['true', 'true'])
  expect(said()).toBe(2)
  await user.click(chips[0] ?? document.body)
  expect(chips[0]?.getAttribute('aria-pressed')).toBe('false')
  expect(said()).toBe(1)
  await user.click(chips[0] ?? document.body)
  expect(said()).toBe(2)
})

test('a loss far above all others is told, and shown when it is asked for', async () => {
  const user = chartsOf([...falling.slice(0, 100), 906, ...falling.slice(100)])
  const loss = within(await screen.findByRole('region', { name: 'Loss' }))
  expect(loss.getByText(/lie above the axis, up to 906.0000/)).toBeTruthy()
  await user.click(loss.getByRole('button', { name: 'Show outliers' }))
  expect(loss.queryByText(/above the axis/)).toBeNull()
  expect(loss.getByRole('button', { name: 'Hide outliers' })).toBeTruthy()
})
