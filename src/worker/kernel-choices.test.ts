import 'fake-indexeddb/auto'
import { expect, test, vi } from 'vitest'
import { openKernelChoices } from './kernel-choices.ts'

test('a choice is there when the page opens again, and another key has none', async () => {
  const choices = await openKernelChoices('kernels-again')
  await choices.write('adapter | forward', 'tiled 64×16')
  const reopened = await openKernelChoices('kernels-again')
  expect(await reopened.read('adapter | forward')).toBe('tiled 64×16')
  expect(await reopened.read('adapter | backward-data')).toBeNull()
})

test('where storage is forbidden a choice lasts as long as the page', async () => {
  const open = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('forbidden', 'SecurityError')
  })
  const choices = await openKernelChoices('forbidden')
  await choices.write('adapter | forward', 'tiled 64×16')
  expect(await choices.read('adapter | forward')).toBe('tiled 64×16')
  open.mockRestore()
})
