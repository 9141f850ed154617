// Sessions whose images are whitened. The matrix is a stand-in, since a real one takes minutes; that it is right is tested
// in whitening/.
import { describe, expect, test } from 'vitest'
import { begin, CONFIG, isIn, lastKept, stoppedAfter, useSessions } from '../testing/node/test-sessions.ts'
import { AppError } from '../base/app-error.ts'
import { IMAGE_BYTES } from '../base/data-set.ts'
import type { RunConfig } from '../config/run-config.ts'
import type { Whiten, WhiteningOrder } from './whitening/compute-whitening.ts'

useSessions()

describe('a whitening', () => {
  const WHITENED: RunConfig = {
    ...CONFIG,
    data: { ...CONFIG.data, limitTrain: 4, limitTest: 2 },
    batchSize: 2,
    budget: { unit: 'epoch', amount: 1 },
    whitening: { kind: 'author' },
  }

  /** Turns images by a row and dims them: a real whitening takes minutes. */
  const turn: Whiten = async (_order, _engine, pause) => {
    for (const share of [0, 0.415, 0.99]) await pause(share)
    const matrix = new Float32Array(IMAGE_BYTES ** 2)
    for (let i = 0; i < IMAGE_BYTES; i++) matrix[i * IMAGE_BYTES + ((i + 96) % IMAGE_BYTES)] = 0.5
    return { matrix, mean: new Float32Array(IMAGE_BYTES).fill(0.1) }
  }

  test('is computed of the run’s training images before the first step, and its progress is a phase', async () => {
    const orders: WhiteningOrder[] = []
    const whiten: Whiten = (order, ...rest) => {
      orders.push(order)
      return turn(order, ...rest)
    }
    const lab = begin([WHITENED], { whiten })
    await lab.until(isIn(lab, 'finished'))
    const phases = lab.eventsOf('session').map(({ phase }) => phase)
    expect(phases).toContainEqual(
      expect.stringMatching(/^computing the whitening, 41 %, about \d+ \w+ left$/),
    )
    expect(orders).toEqual([expect.objectContaining({ normalisation: CONFIG.normalisation })])
    expect(orders[0]?.images.count).toBe(4)
    await lab.session.dispose()
  })

  test('changes what the network is given', async () => {
    const [plain, whitened] = [begin([{ ...WHITENED, whitening: null }]), begin([WHITENED], { whiten: turn })]
    await plain.until(isIn(plain, 'finished'))
    await whitened.until(isIn(whitened, 'finished'))
    expect(whitened.steps('run-0')[0]?.loss).not.toBe(plain.steps('run-0')[0]?.loss)
    for (const lab of [plain, whitened]) await lab.session.dispose()
  })

  test('under way ends when the session is stopped', async () => {
    const lab = begin([WHITENED], {
      async whiten(_order, _engine, pause) {
        for (;;) await pause(0.5)
      },
    })
    await lab.until(() => lab.eventsOf('session').some(({ phase }) => phase?.includes('50 %')))
    lab.session.stop()
    await lab.until(isIn(lab, 'stopped'))
    expect(lab.eventsOf('session').at(-1)?.failure).toBeNull()
    expect((await lab.session.read('run-0')).state.steps).toBe(0)
    await lab.session.dispose()
  })

  test('that cannot be computed fails the session with its sentence', async () => {
    const lab = begin([WHITENED], {
      whiten: () => Promise.reject(new AppError('internal', 'The thread ended.')),
    })
    await lab.until(isIn(lab, 'failed'))
    expect(lab.eventsOf('session').at(-1)?.failure?.message).toBe('The thread ended.')
    await lab.session.dispose()
  })

  test('is part of a resumed run, which ends with the same bits', async () => {
    const straight = begin([WHITENED], { whiten: turn })
    await straight.until(isIn(straight, 'finished'))
    const from = await stoppedAfter([WHITENED], 1, turn)
    const resumed = begin([WHITENED], { from, whiten: turn })
    await resumed.until(isIn(resumed, 'finished'))
    expect(lastKept(resumed)).toEqual(lastKept(straight))
    for (const lab of [straight, resumed]) await lab.session.dispose()
  })
})
