// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react'
import { describe, expect, test, vi } from 'vitest'
import { createRandom } from '../../../base/random.ts'
import { defaultSetup } from '../../../client/setup/default-setup.ts'
import type { LabActions } from '../../../client/lab.ts'
import type { LabState } from '../../../client/lab-store.ts'
import { NO_REPORTS } from '../../../runs/run-reports.ts'
import { mountInLab } from '../../../testing/ui/mount-in-lab.tsx'
import { layerResponses, responseStd } from './layer-responses.tsx'
import { layerResponsesTab } from './layer-responses-tab.tsx'

const parameter = (name: string, role: 'scale' | 'shift', ...values: number[]) => ({
  name,
  role,
  shape: [values.length],
  values: Float32Array.from(values),
})

describe('the standard deviation of a layer’s response', () => {
  test('is that of a batch that is normalised, scaled and shifted channel by channel', () => {
    const random = createRandom(7, 'responses')
    const uniform = () => random.uniform()
    const channels = 6
    const positions = 4_000
    const scale = Array.from({ length: channels }, () => 3 * uniform() - 1)
    const shift = Array.from({ length: channels }, () => 4 * uniform() - 2)
    const outputs = scale.flatMap((gamma, c) => {
      // Skewed, and of another centre and width in each channel: normalising takes both away.
      const inputs = Array.from({ length: positions }, () => c - 2 + (c + 1) * uniform() ** 3)
      const { mean, sd } = momentsOf(inputs)
      return inputs.map((value) => (gamma * (value - mean)) / sd + (shift[c] ?? 0))
    })
    expect(responseStd(scale, shift)).toBeCloseTo(momentsOf(outputs).sd, 10)
  })

  test('is 1 as batch norm begins, and the sign of γ does not count', () => {
    expect(responseStd([1, 1, 1], [0, 0, 0])).toBe(1)
    expect(responseStd([-1, 1], [0, 0])).toBe(1)
  })

  test('of one shift for all channels is that of γ alone: what all share moves nothing apart', () => {
    expect(responseStd([2, 2], [5, 5])).toBe(2)
    expect(responseStd([0, 0], [3, -3])).toBe(3)
  })
})

test('layers come in the order of the network, without those of shortcuts', () => {
  const layers = layerResponses([
    parameter('bn1.weight', 'scale', 1, 1),
    parameter('bn1.bias', 'shift', 0, 0),
    parameter('layer2.0.shortcut.1.weight', 'scale', 9, 9),
    parameter('layer2.0.shortcut.1.bias', 'shift', 0, 0),
    parameter('layer2.0.bn1.weight', 'scale', 0.5, 0.5),
    parameter('layer2.0.bn1.bias', 'shift', 0, 0),
  ])
  expect(layers).toEqual([
    { layer: 'bn1', std: 1 },
    { layer: 'layer2.0.bn1', std: 0.5 },
  ])
})

const config = defaultSetup(null)
const record = (run: string) => ({ run, config, ...NO_REPORTS, failure: null })
const TRAINED: Partial<LabState> = {
  runs: { a: record('s-a'), b: record('s-b') },
  session: {
    session: 's',
    state: 'paused',
    phase: null,
    kernels: null,
    notice: null,
    failure: null,
    isStored: true,
    runs: ['s-a', 's-b'],
  },
}

test('the tab shows A beside B, layer by layer, in a table that is read out', async () => {
  const readParameters = vi.fn<LabActions['readParameters']>((run) =>
    Promise.resolve({
      config,
      steps: 12,
      parameters: [
        parameter('bn1.weight', 'scale', run === 's-a' ? 0.25 : 2),
        parameter('bn1.bias', 'shift', 0),
      ],
    }),
  )
  const { Panel } = layerResponsesTab
  const { user } = mountInLab(<Panel />, { state: TRAINED, actions: { readParameters } })
  expect(await screen.findByText(/A with identity · step 12 · mean 0\.250/)).toBeDefined()
  expect(screen.getByText(/B without identity · step 12 · mean 2\.000/)).toBeDefined()
  await user.click(screen.getByText('All layers'))
  const row = within(screen.getByRole('row', { name: /bn1/ }))
  expect(row.getAllByRole('cell').map(({ textContent }) => textContent)).toEqual(['1', '0.2500', '2.0000'])
  await user.click(screen.getByRole('radio', { name: 'By magnitude' }))
  expect(screen.getByText('std, sorted by magnitude')).toBeDefined()
})

test('what cannot be read is said', async () => {
  const readParameters = vi.fn<LabActions['readParameters']>(() => Promise.reject(new Error('no weights')))
  const { Panel } = layerResponsesTab
  mountInLab(<Panel />, { state: TRAINED, actions: { readParameters } })
  expect((await screen.findAllByText(/no weights/)).length).toBeGreaterThan(0)
})

test('before a session has weights the tab says how to get some', () => {
  const { store } = mountInLab(<p />)
  expect(layerResponsesTab.applies(store.getState())).toBe(false)
  store.setState(TRAINED)
  expect(layerResponsesTab.applies(store.getState())).toBe(true)
})

function momentsOf(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return { mean, sd: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) }
}
