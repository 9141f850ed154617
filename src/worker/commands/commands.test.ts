// Commands with the real library and the real CPU engine.
import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { coarseAccuracy } from '../../base/coarse-classes.ts'
import type { RunConfig } from '../../config/run-config.ts'
import { archiveOf, createTinySet } from '../../testing/data/tiny-set.ts'
import { buildGraph } from '../../network/build-graph.ts'
import { heNetwork } from '../../presets/he.ts'
import { namesIn } from '../../network/rename-parameters.ts'
import { findPreset, preferredNaming } from '../../presets/presets.ts'
import { initialState } from '../../training/initialise.ts'
import { writeSafetensors } from '../../transfer/safetensors.ts'
import { freshRunLibrary } from '../../testing/worker/fresh-run-library.ts'
import { openLab, tinyConfig } from '../../testing/worker/open-lab.ts'
import { selectParameters } from '../select-parameters.ts'

test('of sessions asked for at once only the newest trains; the others have stopped', async () => {
  const { send, services, events } = await openLab()
  const start = (session: string) =>
    send({
      kind: 'start',
      session,
      runs: [{ run: `run-of-${session}`, config: tinyConfig() }],
      paused: false,
    })
  await Promise.all(['first', 'second', 'third'].map(start))

  const lastState = (session: string) =>
    events
      .flatMap((event) => (event.kind === 'session' && event.session === session ? [event.state] : []))
      .at(-1)
  expect(lastState('first')).toBe('stopped')
  expect(lastState('second')).toBe('stopped')
  services.sessions.inSession('third', (session) => session.stop())
  expect(() => services.sessions.inSession('first', (session) => session.resume())).toThrow(
    /not the one in training/,
  )
  await expect(
    send({
      kind: 'export-weights',
      run: 'run-of-first',
      naming: 'akamaster',
      format: 'safetensors',
    }),
  ).rejects.toMatchObject({ code: 'run-absent' })
})

/** Fresh weights as the preset's author's code would have written them: without a word of ours. */
function fileFromElsewhere(config: RunConfig): Uint8Array<ArrayBuffer> {
  const graph = buildGraph(config)
  const { parameters, statistics } = initialState(graph, config.seed)
  const namesOf = namesIn(preferredNaming(config), config.network)
  const tensors = [...graph.parameters, ...graph.statistics].flatMap(({ name, shape }) => {
    const values = parameters[name] ?? statistics[name] ?? new Float32Array()
    return namesOf(name).map((own) => ({ name: own, dtype: 'F32' as const, shape, values }))
  })
  return writeSafetensors(tensors, {})
}

test('weights of another network than the set-up’s are scored as the preset that their tensors tell of', async () => {
  const { send } = await openLab()
  const preset = findPreset('drgripa1-20')
  if (!preset) throw new Error('no preset drgripa1-20')
  const { network, normalisation } = tinyConfig()
  const importing = (config: RunConfig) =>
    send({
      kind: 'evaluate-weights',
      set: 'builtin',
      limit: 2,
      network,
      normalisation,
      whitening: null,
      file: new File([fileFromElsewhere(config)], 'theirs.safetensors'),
    })
  const scored = await importing(preset.config)
  expect(scored.network).toEqual(preset.config.network)
  expect(scored.networkFrom).toEqual({
    kind: 'names',
    preset: 'drgripa1-20',
    tensors: 116,
    identityKnown: false,
  })
  expect(scored.evaluation.total).toBe(2)
  const ofHundred = importing({ ...preset.config, data: { ...preset.config.data, set: 'cifar100' } })
  await expect(ofHundred).rejects.toMatchObject({
    code: 'weights-mismatch',
    message: expect.stringContaining('drgripa1: ResNet-20 for 100 classes, and Built-in (synthetic) has 10.'),
  })
})

test('a run’s features rank all of its test images, and the grid becomes a picture of them', async () => {
  const { send, events, finished } = await openLab()
  const config = { ...tinyConfig(), budget: { unit: 'iteration', amount: 2 } } as const
  await send({ kind: 'start', session: 's', runs: [{ run: 'a', config }], paused: false })
  await finished()

  const { steps, grid } = await send({ kind: 'rank-features', run: 'a' })
  expect([steps, grid.images, grid.features.length]).toEqual([2, 4, 8])
  for (const { lowest, highest } of grid.features) {
    expect(new Set(lowest.map(({ image }) => image))).toEqual(new Set([0, 1, 2, 3]))
    expect(highest).toEqual(lowest)
  }
  expect(events.filter(({ kind }) => kind === 'ranking')).toEqual([
    { kind: 'ranking', run: 'a', images: 0, total: 4 },
  ])

  const { bytes } = await send({ kind: 'draw-features', set: 'builtin', grid })
  expect(new DataView(bytes.buffer).getUint32(20)).toBe(8 * 32)
  const { labels, rgba } = await send({ kind: 'pictures', set: 'builtin', indices: [2, 0] })
  const browsed = await send({
    kind: 'browse',
    set: 'builtin',
    split: 'test',
    label: null,
    offset: 2,
    count: 1,
  })
  expect(rgba.subarray(0, 4096)).toEqual(browsed.rgba)
  expect(labels[0]).toBe(browsed.labels[0])

  await expect(send({ kind: 'rank-features', run: 'b' })).rejects.toMatchObject({ code: 'run-absent' })
})

test('batch-norm parameters are read of a run in training, and the same once it is only stored', async () => {
  const stored = await freshRunLibrary()
  const tab = await openLab({ stored })
  const config = { ...tinyConfig(), budget: { unit: 'iteration', amount: 2 } } as const
  await tab.send({ kind: 'start', session: 's', runs: [{ run: 'a', config }], paused: false })
  await tab.finished()
  const ofRun = { kind: 'read-parameters', run: 'a' } as const
  const { steps, parameters } = await tab.send({ ...ofRun, roles: ['scale', 'shift'] })

  const declared = buildGraph(config).parameters.filter(({ role }) => role === 'scale' || role === 'shift')
  expect(steps).toBe(2)
  expect(parameters.map(({ name, role, shape }) => ({ name, role, shape }))).toEqual(
    declared.map(({ name, role, shape }) => ({ name, role, shape })),
  )
  // Two steps have moved them from where they began.
  const [scale, shift] = parameters
  expect(new Set(scale?.values)).not.toEqual(new Set([1]))
  expect(new Set(shift?.values)).not.toEqual(new Set([0]))

  await tab.until(async () => (await tab.services.runs.entries()).every(({ state }) => state === 'finished'))
  stored.endTabs()
  const after = await openLab({ stored })
  const again = await after.send({ ...ofRun, roles: ['scale'] })
  expect(again.parameters).toEqual(parameters.filter(({ role }) => role === 'scale'))
  await expect(after.send({ ...ofRun, run: 'b', roles: ['scale'] })).rejects.toMatchObject({
    code: 'run-absent',
  })
})

test('batch norms of more than 1 MB are refused in words', () => {
  const config: RunConfig = { ...tinyConfig(), network: heNetwork({ n: 20, width: 512 }) }
  const graph = buildGraph(config)
  const zeros = Object.fromEntries(
    graph.parameters.map(({ name, role, shape: [channels = 0] }) => [
      name,
      new Float32Array(role === 'scale' || role === 'shift' ? channels : 0),
    ]),
  )
  const state = { parameters: zeros, statistics: {}, slots: {}, steps: 0 }
  const read = (roles: ('scale' | 'shift')[]) => selectParameters({ config, state }, roles)
  expect(() => read(['scale', 'shift'])).toThrow(
    /^The batch norms of this network take \d+\.\d MB, and 1\.0 MB can be shown/,
  )
})

test('a run on CIFAR-100 logs the accuracy on coarse classes after each epoch', async () => {
  const tiny = await createTinySet('cifar100', { images: 8 })
  const { send, services, events, finished } = await openLab({ formats: [tiny.format] })
  await services.library.import([new File([await archiveOf(tiny)], 'cifar-100-binary.tar.gz')])
  const config: RunConfig = {
    ...tinyConfig(),
    data: { set: 'cifar100', limitTrain: null, limitTest: null, validation: null },
    budget: { unit: 'epoch', amount: 1 },
  }
  await send({ kind: 'start', session: 's', runs: [{ run: 'a', config }], paused: false })
  await finished()

  const [epoch] = events.flatMap((event) => (event.kind === 'epoch' ? [event] : []))
  const share = epoch && coarseAccuracy('cifar100', epoch.test.confusion)
  expect(share).toBeGreaterThanOrEqual(epoch?.test.accuracy ?? 1)
  expect(events.flatMap((event) => (event.kind === 'log' ? [event.text] : []))).toContain(
    `Test accuracy on coarse classes: ${(100 * (share ?? Number.NaN)).toFixed(2)} %`,
  )
})
