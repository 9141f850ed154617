// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { describe, expect, test, vi } from 'vitest'
import { defaultSetup } from '../../client/setup/default-setup.ts'
import type { LabActions } from '../../client/lab.ts'
import { createLabStore, type LabState } from '../../client/lab-store.ts'
import type { RunRecord } from '../../client/session/run-record.ts'
import { findPreset } from '../../presets/presets.ts'
import { NO_STEPS, withRows } from '../../runs/step-columns.ts'
import { mountInLab } from '../../testing/ui/mount-in-lab.tsx'
import { ExportPanel } from './export-panel.tsx'

const setup = findPreset('drgripa1-20')?.config ?? defaultSetup(null)

const runRecord = (run: string, tested: boolean): RunRecord => ({
  run,
  config: setup,
  steps: withRows(NO_STEPS, [{ step: 1, loss: 2, accuracy: 0.1, learningRate: 0.1 }]),
  epochs: tested
    ? [
        {
          epoch: 1,
          step: 1,
          at: 0,
          answers: null,
          train: null,
          validation: null,
          test: { total: 2, correct: 1, accuracy: 0.5, loss: 1, confusion: [[1]], perClass: [] },
        },
      ]
    : [],
  failure: null,
})

const TRAINED: Partial<LabState> = {
  runs: { a: runRecord('s-a', true), b: runRecord('s-b', false) },
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

const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name })
const isDisabled = (name: string) => button(name).disabled

test('before anything is trained only the set-up can be saved and files can be opened', () => {
  mountInLab(<ExportPanel />)
  const enabled = screen
    .getAllByRole<HTMLButtonElement>('button')
    .filter(({ disabled }) => !disabled)
    .map(({ textContent }) => textContent)
  expect(enabled).toEqual(expect.arrayContaining(['Save set-up', 'Open set-up…']))
  expect(enabled.filter((name) => /^Export|CSV|JSON|zip|TensorBoard/.test(name ?? ''))).toEqual([])
})

describe('with two runs in memory', () => {
  test('the weights of each leave in the format that is chosen', async () => {
    const exportWeights = vi.fn<LabActions['exportWeights']>(() => Promise.resolve())
    const { user } = mountInLab(<ExportPanel />, { state: TRAINED, actions: { exportWeights } })
    await user.click(button('Export weights B'))
    expect(exportWeights).toHaveBeenLastCalledWith('b', 'drgripa1', 'safetensors', false)

    await user.click(screen.getByRole('button', { name: /Weights as$/ }))
    await user.click(screen.getByRole('option', { name: 'NumPy' }))
    await user.click(button('Export weights A'))
    expect(exportWeights).toHaveBeenLastCalledWith('a', 'drgripa1', 'npz', false)
  })

  test('names can begin with module. where the format has PyTorch’s names', async () => {
    const exportWeights = vi.fn<LabActions['exportWeights']>(() => Promise.resolve())
    const { user } = mountInLab(<ExportPanel />, { state: TRAINED, actions: { exportWeights } })
    await user.click(screen.getByRole('switch', { name: 'module. prefix' }))
    await user.click(button('Export weights B'))
    expect(exportWeights).toHaveBeenLastCalledWith('b', 'drgripa1', 'safetensors', true)
    await user.click(screen.getByRole('button', { name: /Weights as$/ }))
    await user.click(screen.getByRole('option', { name: 'ONNX' }))
    expect(screen.getByRole<HTMLInputElement>('switch', { name: 'module. prefix' }).disabled).toBe(true)
  })

  test('parameter names can be chosen only for a format that has them', async () => {
    const { user } = mountInLab(<ExportPanel />, { state: TRAINED })
    const names = () => screen.getByRole<HTMLButtonElement>('button', { name: /Parameter names$/ })
    expect(names().disabled).toBe(false)
    await user.click(screen.getByRole('button', { name: /Weights as$/ }))
    await user.click(screen.getByRole('option', { name: 'ONNX' }))
    expect(names().disabled).toBe(true)
  })

  test('metrics leave by format, and events only of a run that was tested', async () => {
    const exportMetrics = vi.fn<LabActions['exportMetrics']>(() => Promise.resolve())
    const { user } = mountInLab(<ExportPanel />, { state: TRAINED, actions: { exportMetrics } })
    await user.click(button('Epochs as CSV'))
    expect(exportMetrics).toHaveBeenCalledExactlyOnceWith('csv')
    expect(isDisabled('TensorBoard events A')).toBe(false)
    expect(isDisabled('TensorBoard events B')).toBe(true)
  })

  test('while one export is under way no other begins', () => {
    mountInLab(<ExportPanel />, { state: { ...TRAINED, busy: new Set(['export']) } })
    expect(isDisabled('Export weights A')).toBe(true)
    expect(isDisabled('Both runs as zip')).toBe(true)
  })
})

test('a failure is shown where it happened, and goes when it is dismissed', async () => {
  const dismissFailure = vi.fn<LabActions['dismissFailure']>()
  const failures = {
    ...createLabStore().getState().failures,
    export: { code: 'out-of-memory', message: 'No room for the file.', details: null } as const,
  }
  const { user } = mountInLab(<ExportPanel />, { state: { failures }, actions: { dismissFailure } })
  expect(screen.getByText('No room for the file.')).toBeDefined()
  await user.click(button('Dismiss'))
  expect(dismissFailure).toHaveBeenCalledExactlyOnceWith('export')
})
