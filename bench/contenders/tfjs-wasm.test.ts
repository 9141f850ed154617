import { expect, test } from 'vitest'
import { createTask } from '../task.ts'
import { explainMissingKernel, openTfjsWasm } from './tfjs-wasm.ts'

test('it cannot train, and says for want of which kernel', async () => {
  const contender = await openTfjsWasm(1, null)
  const training = await contender.prepare(createTask('resnet-8-narrow', 1))
  await expect(training.train(1)).rejects.toThrow(
    /^It cannot train: TensorFlow.js has no kernel \w+ on its wasm backend\.$/,
  )
  training.dispose()
  contender.dispose()
})

test('the kernel is the one that the error names', () => {
  const error = new Error("Kernel 'TopK' not registered for backend 'wasm'")
  expect(() => explainMissingKernel(error)).toThrow('no kernel TopK on its wasm backend')
})

test('another error stays what it is', () => {
  const error = new Error('out of memory')
  expect(() => explainMissingKernel(error)).toThrow(error)
})
