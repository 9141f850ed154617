import { expect, test } from 'vitest'
import { answerCalls, callContender } from './contender-call.ts'
import type { Contender } from './contender.ts'
import { createTask } from './task.ts'

const TASK = createTask('resnet-8-narrow', 2)

/** What crosses a process or a worker is copied. */
function across(open: (threads: number) => Promise<Contender>) {
  const answer = answerCalls(open)
  return async (request: unknown) => structuredClone(await answer(structuredClone(request)))
}

function recorder(log: string[], loss = 2): (threads: number) => Promise<Contender> {
  return async (threads) => ({
    adapter: `${threads} threads`,
    async prepare({ network, batch }) {
      log.push(`prepare ${network} ${batch.size}`)
      return {
        async train(steps) {
          log.push(`train ${steps}`)
          return loss
        },
        dispose: () => void log.push('dispose training'),
      }
    },
    dispose: () => void log.push('dispose contender'),
  })
}

test('every method of a contender elsewhere reaches it, in order', async () => {
  const log: string[] = []
  const call = across(recorder(log))
  const contender = await callContender(call, 3)
  const training = await contender.prepare(TASK)
  expect(await training.train(7)).toBe(2)
  training.dispose()
  contender.dispose()
  // Answered after what was sent before it.
  await call({ kind: 'close' })
  expect(contender.adapter).toBe('3 threads')
  expect(log).toEqual(['prepare resnet-8-narrow 2', 'train 7', 'dispose training', 'dispose contender'])
})

test('closing ends a training that is still there', async () => {
  const log: string[] = []
  const call = across(recorder(log))
  await (await callContender(call, 1)).prepare(TASK)
  await call({ kind: 'close' })
  expect(log.slice(1)).toEqual(['dispose training', 'dispose contender'])
})

test('what fails there fails here, for the same reason', async () => {
  const call = across(async () => {
    throw new Error('no such device')
  })
  await expect(callContender(call, 1)).rejects.toThrow('no such device')
})

test('a loss that is not finite arrives as one', async () => {
  const contender = await callContender(across(recorder([], Number.POSITIVE_INFINITY)), 1)
  const training = await contender.prepare(TASK)
  expect(await training.train(1)).toBeNaN()
})

test('a request that is none is refused, and the next one answered', async () => {
  const call = across(recorder([]))
  expect(await call({ kind: 'fly' })).toMatchObject({ kind: 'failed' })
  expect(await call({ kind: 'train', steps: 1 })).toEqual({
    kind: 'failed',
    reason: 'It has nothing to train.',
  })
  expect(await call({ kind: 'open', threads: 1 })).toEqual({ kind: 'opened', adapter: '1 threads' })
})
