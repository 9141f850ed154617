import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { Contender } from '../contender.ts'
import { createTask } from '../task.ts'
import type { JsonProcess } from './json-process.ts'
import { openPytorch, PYTHONS } from './pytorch.ts'
import { openTfjs } from './tfjs.ts'

const OPENED = { kind: 'opened', torch: '9.9', python: '3.99', threads: 1 }
const TASK = createTask('resnet-8-narrow', 2)

type Kinds = Record<string, (request: object) => unknown>

/** A process that answers each kind of request as it says. */
function fake(answers: Kinds, log: string[] = []): JsonProcess {
  return {
    async ask(request) {
      const kind = 'kind' in request ? String(request.kind) : ''
      log.push(kind)
      return answers[kind]?.(request) ?? { kind: 'done' }
    },
    stop: () => void log.push('stop'),
  }
}

test('the first Python that has PyTorch is used, and the one before it ended', async () => {
  const logs: Record<string, string[]> = {}
  const contender = await openPytorch(1, ['one', 'two'], (python) =>
    fake({ open: () => (python === 'two' ? OPENED : { kind: 'absent' }) }, (logs[python] = [])),
  )
  expect(contender.adapter).toBe('PyTorch 9.9, Python 3.99, 1 thread')
  expect(logs).toEqual({ one: ['open', 'stop'], two: ['open'] })
})

test('without PyTorch one sentence says why for each Python, and what to install', async () => {
  const opening = openPytorch(1, ['/no/such/python', 'one'], (python) =>
    fake({
      open: () => {
        if (python === 'one') return { kind: 'absent' }
        throw new Error('PyTorch did not start: ENOENT.')
      },
    }),
  )
  await expect(opening).rejects.toThrow(
    'There is no PyTorch (PyTorch did not start: ENOENT; one has none); install it with `pip install torch` or, on Debian, `apt install python3-torch`.',
  )
})

test('what PyTorch refuses is the reason that it gives', async () => {
  const contender = await openPytorch(1, ['one'], () =>
    fake({ open: () => OPENED, prepare: () => ({ kind: 'failed', reason: 'PyTorch: no memory' }) }),
  )
  await expect(contender.prepare(TASK)).rejects.toThrow('PyTorch: no memory')
})

test('a process that dies in a turn fails that turn, and may be disposed of', async () => {
  const contender = await openPytorch(1, ['one'], () =>
    fake({
      open: () => OPENED,
      train: () => {
        throw new Error('PyTorch (one) was ended by SIGKILL.')
      },
    }),
  )
  const training = await contender.prepare(TASK)
  await expect(training.train(1)).rejects.toThrow('PyTorch (one) was ended by SIGKILL.')
  training.dispose()
  contender.dispose()
})

test('it is given the graph, a value for each parameter, and the images', async () => {
  let given: object = {}
  const contender = await openPytorch(1, ['one'], () =>
    fake({
      open: () => OPENED,
      prepare: (request) => {
        given = request
        return { kind: 'done' }
      },
    }),
  )
  await contender.prepare(TASK)
  expect(given).toMatchObject({
    nodes: TASK.graph.nodes,
    labels: [...TASK.batch.labels],
    optimiser: { lr: 0.01, momentum: 0.9, weight_decay: 1e-4 },
    parameters: Object.fromEntries(TASK.graph.parameters.map(({ name }) => [name, expect.any(String)])),
  })
})

test('the real PyTorch trains the same network as TensorFlow.js', async ({ skip }) => {
  const hasTorch = (python: string) => spawnSync(python, ['-c', 'import torch']).status === 0
  skip(!PYTHONS.some(hasTorch), `NOT TESTED: no PyTorch in ${PYTHONS.join(' or ')}`)
  const lossesOf = async (opening: Promise<Contender>) => {
    const contender = await opening
    const training = await contender.prepare(TASK)
    const losses: number[] = []
    for (let step = 0; step < 3; step++) losses.push(await training.train(1))
    training.dispose()
    contender.dispose()
    return losses
  }
  const expected = await lossesOf(openTfjs('cpu', null))
  const actual = await lossesOf(openPytorch(1))
  expect(actual).toEqual(expected.map((loss) => expect.closeTo(loss, 4)))
})
