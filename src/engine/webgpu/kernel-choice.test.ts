import { expect, test } from 'vitest'
import { AppError } from '../../base/app-error.ts'
import { type Convolution, convolutionCandidates } from './lowering/convolution-candidates.ts'
import { type ChooserOptions, createKernelChooser, firstCandidates } from './kernel-choice.ts'

const traits = { software: false, weightSpace: 'uniform', subgroupQuads: false } as const
const convolution = (channels: number, pass: Convolution['pass'] = 'forward'): Convolution => ({
  pass,
  activations: 'f32',
  shape: {
    batch: 128,
    height: 32,
    width: 32,
    inChannels: channels,
    outChannels: channels,
    kernel: 3,
    stride: 1,
  },
})
const idsOf = (convolved: Convolution) => convolutionCandidates(convolved, traits).map(({ id }) => id)

/** A chooser on an adapter where the candidate number `fast` takes 1 ms and the others 2. */
function chooser(fast: number, changes: Partial<ChooserOptions> = {}) {
  const stored = new Map<string, string>()
  const measured: string[] = []
  const options: ChooserOptions = {
    adapter: 'an adapter',
    traits,
    store: {
      read: async (key) => stored.get(key) ?? null,
      write: async (key, id) => void stored.set(key, id),
    },
    budget: 1000,
    measure: async (convolved, { id }) => {
      measured.push(id)
      return idsOf(convolved).indexOf(id) === fast ? 1 : 2
    },
    now: () => measured.length,
    ...changes,
  }
  return { chooser: createKernelChooser(options), options, stored, measured }
}

test('the fastest candidate of each convolution is its choice', async () => {
  const [narrow, wide] = [convolution(16), convolution(64, 'backward-filter')]
  const { chooser: made, measured } = chooser(2)
  const choice = await made.choose([narrow, wide])
  expect(choice(narrow).id).toBe(idsOf(narrow)[2])
  expect(choice(wide).id).toBe(idsOf(wide)[2])
  expect(measured).toHaveLength(idsOf(narrow).length + idsOf(wide).length)
})

test('what was measured once is not measured again, even where another would be faster now', async () => {
  const first = chooser(2)
  await first.chooser.choose([convolution(16)])
  const { store } = first.options
  const second = chooser(0, { store })
  const choice = await second.chooser.choose([convolution(16)])
  expect(choice(convolution(16)).id).toBe(idsOf(convolution(16))[2])
  expect(second.measured).toEqual([])
  const elsewhere = chooser(0, { store, adapter: 'another adapter' })
  await elsewhere.chooser.choose([convolution(16)])
  expect(elsewhere.measured).toEqual(idsOf(convolution(16)))
})

test.each(['forward', 'backward-filter'] as const)(
  'batches of nearly one size share a measurement of %s; another shape has its own',
  async (pass) => {
    const usual = convolution(16, pass)
    // Small images: the number of partial sums follows the batch.
    const convolved = { ...usual, shape: { ...usual.shape, height: 8, width: 8 } }
    const almost = { ...convolved, shape: { ...convolved.shape, batch: 120 } }
    const { chooser: made, measured } = chooser(1)
    expect((await made.choose([convolved]))(convolved).id).toBe(idsOf(convolved)[1])
    expect((await made.choose([almost]))(almost).id).toBe(idsOf(convolved)[1])
    expect(measured).toEqual(idsOf(convolved))
    await made.choose([{ ...convolved, shape: { ...convolved.shape, batch: 8 } }])
    expect(measured).toHaveLength(2 * idsOf(convolved).length)
  },
)

test('activations stored as float16 are measured for themselves', async () => {
  const { chooser: made, measured } = chooser(1)
  await made.choose([convolution(16), { ...convolution(16), activations: 'f16' }])
  expect(measured).toHaveLength(2 * idsOf(convolution(16)).length)
})

test('when the time is over the rest take their first candidates, and keep them', async () => {
  const [most, least] = [convolution(64), convolution(16)]
  const { chooser: made, measured, options } = chooser(1, { budget: 2 })
  const choice = await made.choose([least, most])
  expect(measured).toEqual(idsOf(most).slice(0, 2))
  expect(choice(most).id).toBe(idsOf(most)[1])
  expect(choice(least).id).toBe(idsOf(least)[0])
  const later = chooser(1, { store: options.store })
  expect((await later.chooser.choose([least]))(least).id).toBe(idsOf(least)[0])
  expect(later.measured).toEqual([])
})

test('a candidate that the adapter does not run is passed over', async () => {
  const refused = idsOf(convolution(16))[0]
  const { chooser: made } = chooser(0, {
    measure: async (_, { id }) => {
      if (id === refused) throw new AppError('device-unavailable', 'no room')
      return id === idsOf(convolution(16))[3] ? 1 : 2
    },
  })
  expect((await made.choose([convolution(16)]))(convolution(16)).id).toBe(idsOf(convolution(16))[3])
})

test('an error of our own is not passed over', async () => {
  const { chooser: made } = chooser(0, {
    measure: () => Promise.reject(new TypeError('a mistake')),
  })
  await expect(made.choose([convolution(16)])).rejects.toThrow('a mistake')
})

test('unmeasured, a software adapter takes the register family, and a GPU the tiled one', () => {
  const convolved = convolution(16)
  expect(
    firstCandidates({ software: true, weightSpace: 'storage', subgroupQuads: false })(convolved).id,
  ).toMatch(/^register .*storage/)
  expect(firstCandidates(traits)(convolved).id).toMatch(/^tiled/)
})
