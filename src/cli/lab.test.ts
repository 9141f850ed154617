// The command line's manners: what it accepts, what it answers, and how it refuses. No GPU is needed for these.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession } from 'onnxruntime-web'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { findPreset } from '../presets/presets.ts'
import { firstCheckpoint } from '../training/checkpoint.ts'
import { readCheckpoint, writeCheckpoint } from '../transfer/checkpoint-file.ts'
import { readSafetensors } from '../transfer/safetensors.ts'
import { lastLine, runLab } from '../testing/node/run-lab.ts'
import { runLabHere } from '../testing/node/run-lab-here.ts'

const DATA = ['--data', 'builtin'] as const
const PRESET = ['--preset', 'akamaster-20'] as const

test('presets --json lists the published parameter counts, with and without identity', async () => {
  const finished = await runLab('presets', '--json')
  expect(finished.code).toBe(0)
  // All of them are in network/residual-network.test.ts.
  expect(lastLine(finished)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: 'akamaster-20', params: 269_722, paramsWithoutIdentity: 269_722 }),
      expect.objectContaining({ id: 'iavicenna-32', params: 1_856_922, paramsWithoutIdentity: 1_846_170 }),
      expect.objectContaining({ id: 'zhenye-na', params: 3_903_620, paramsWithoutIdentity: 3_515_652 }),
    ]),
  )
})

describe('help', () => {
  test.each(['presets', 'train', 'evaluate', 'export', 'features', 'summary'])('of %s', async (verb) => {
    for (const words of [
      [verb, '--help'],
      [verb, '--json', '-h'],
      ['help', verb],
    ]) {
      const { code, stdout, stderr } = await runLabHere(...words)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toMatch(new RegExp(`^Usage: .*\n\n${verb} `))
      expect(stdout.match(/^(presets|train|evaluate|export|features|summary) /gm)).toEqual(
        expect.not.arrayContaining([expect.not.stringContaining(verb)]),
      )
    }
  })

  test('of everything', async () => {
    expect((await runLabHere('--help')).stdout).toBe((await runLabHere('help')).stdout)
  })
})

describe('export', () => {
  test('writes freshly initialised weights, the same for the same seed, in the author’s names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lab-export-'))
    const [first, second] = [join(folder, 'a.safetensors'), join(folder, 'b.safetensors')]
    for (const out of [first, second]) {
      const finished = await runLabHere(
        'export',
        '--preset',
        'drgripa1-20',
        '--seed',
        '3',
        '--out',
        out,
        '--json',
      )
      expect(lastLine(finished)).toMatchObject({ naming: 'drgripa1', parameters: 270_410, identity: true })
    }
    const bytes = await readFile(first)
    expect(bytes.equals(await readFile(second))).toBe(true)
    expect([...readSafetensors(bytes, 'a').tensors.keys()]).toContain('block3.2.conv2.bias')
    await rm(folder, { recursive: true })
  })

  test('refuses a naming whose author has no such network', async () => {
    const { code, stderr } = await runLab(
      'export',
      '--preset',
      'akamaster-20',
      '--out',
      'x',
      '--naming',
      'iavicenna',
    )
    expect(code).toBe(2)
    expect(stderr).toContain('iavicenna’s code has no such network; akamaster-20 can be written as akamaster')
  })
})

describe('export --run', () => {
  /** A run before its first step, as `train --out` leaves its checkpoint. */
  async function runFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'lab-run-'))
    const preset = findPreset('drgripa1-20')
    if (!preset) throw new Error('there is no such preset')
    await writeFile(
      join(folder, 'checkpoint.safetensors'),
      writeCheckpoint(firstCheckpoint({ ...preset.config, seed: 3 })),
    )
    return folder
  }

  test('takes the weights out as NumPy reads them, in the author’s names', async () => {
    const run = await runFolder()
    const out = join(run, 'weights.npz')
    const finished = await runLabHere('export', '--run', run, '--format', 'npz', '--out', out, '--json')
    expect(lastLine(finished)).toMatchObject({ format: 'npz', naming: 'drgripa1', steps: 0 })
    const content = (await readFile(out)).toString('latin1')
    expect(content.startsWith('PK')).toBe(true)
    expect(content).toContain('block3.2.conv2.bias.npy')
    await rm(run, { recursive: true })
  })

  test('takes the network out as ONNX', async () => {
    const run = await runFolder()
    const out = join(run, 'network.onnx')
    const finished = await runLabHere('export', '--run', run, '--format', 'onnx', '--out', out, '--json')
    expect(lastLine(finished)).toMatchObject({ format: 'onnx', steps: 0, identity: true })
    const session = await InferenceSession.create(await readFile(out))
    expect([session.inputNames, session.outputNames]).toEqual([['images'], ['logits']])
    await session.release()
    await rm(run, { recursive: true })
  })

  test('takes a run out as safetensors and CSV', async () => {
    const run = await runFolder()
    const out = join(run, 'taken')
    expect((await runLabHere('export', '--run', run, '--out', out)).code).toBe(0)
    expect([...readSafetensors(await readFile(out), 'taken').tensors.keys()]).toContain('conv.weight')
    const prefixed = ['export', '--run', run, '--module-prefix', '--out', out, '--overwrite']
    expect((await runLabHere(...prefixed)).code).toBe(0)
    expect([...readSafetensors(await readFile(out), 'taken').tensors.keys()]).toContain('module.conv.weight')
    const csv = ['export', '--run', run, '--format', 'csv', '--out', out, '--overwrite']
    expect((await runLabHere(...csv)).code).toBe(0)
    expect(await readFile(out, 'utf8')).toMatch(/^run,data_set,.*,test_accuracy_fraction,/)
    await rm(run, { recursive: true })
  })
})

describe('export --run to a folder', () => {
  test.each([
    ['pytorch', ['train.py', 'weights.safetensors'], 'drgripa1'],
    ['tfjs', ['model.json', 'weights.bin'], null],
  ])('%s', async (format, names, naming) => {
    const folder = await mkdtemp(join(tmpdir(), 'lab-run-'))
    const preset = findPreset('drgripa1-20')
    if (!preset) throw new Error('there is no such preset')
    await writeFile(join(folder, 'checkpoint.safetensors'), writeCheckpoint(firstCheckpoint(preset.config)))
    const out = join(folder, 'taken')
    const finished = await runLabHere('export', '--run', folder, '--format', format, '--out', out, '--json')
    expect(lastLine(finished)).toMatchObject({ format, naming, steps: 0 })
    expect((await readdir(out)).toSorted()).toEqual(names)
    const inTheWay = join(folder, 'checkpoint.safetensors')
    const refused = await runLabHere('export', '--run', folder, '--format', format, '--out', inTheWay)
    expect(refused.code).not.toBe(0)
    expect(refused.stderr).toContain('cannot be written')
    await rm(folder, { recursive: true })
  })
})

describe('wrong arguments end with code 2 and one clear line', () => {
  test.each<[string, readonly string[], string]>([
    ['no command', [], 'a command is missing'],
    ['an unknown command', ['fly'], 'unknown command fly'],
    ['an unknown option', ['presets', '--fast'], '--fast'],
    ['no preset', ['train', ...DATA], '--preset is missing'],
    ['an unknown preset', ['train', '--preset', 'vgg-16', ...DATA], 'vgg-16'],
    ['no data', ['train', ...PRESET], '--data is missing'],
    ['no weights', ['evaluate', ...PRESET, ...DATA], '--weights is missing'],
    ['a word for a number', ['train', ...PRESET, ...DATA, '--steps', 'many'], '--steps'],
    ['no steps at all', ['train', ...PRESET, ...DATA, '--steps', '0'], '--steps'],
    ['steps and epochs', ['train', ...PRESET, ...DATA, '--steps', '1', '--epochs', '1'], 'not both'],
    ['a batch beyond reason', ['train', ...PRESET, ...DATA, '--batch', '100000'], 'batchSize'],
    ['an unknown optimiser', ['train', ...PRESET, ...DATA, '--optimiser', 'no-such'], 'no-such'],
    ['an unknown schedule', ['train', ...PRESET, ...DATA, '--schedule', 'linear'], 'one-cycle'],
    ['a setting without a value', ['train', ...PRESET, ...DATA, '--set', 'seed'], 'FIELD=VALUE'],
    ['a field that there is not', ['train', ...PRESET, ...DATA, '--set', 'optimiser.speed=1'], 'optimiser'],
    [
      'more validation images than there are',
      ['train', ...PRESET, ...DATA, '--validation', '5000'],
      'data.validation.images',
    ],
    ['tables and JSON', ['train', ...PRESET, ...DATA, '--json', '--markdown'], 'not both'],
    [
      'features of a run under another name',
      ['features', '--run', 'r', '--preset', 'akamaster-20', '--out', 'x.png'],
      'leave out --preset',
    ],
    ['features of nothing', ['features', '--out', 'x.png'], '--weights is missing'],
    ['an unknown export format', ['export', '--run', 'r', '--format', 'gguf', '--out', 'x'], 'npz'],
    [
      'a run’s export of another preset',
      ['export', '--run', 'r', '--out', 'x', ...PRESET],
      'leave out --preset',
    ],
    [
      'a prefix for ONNX’s names',
      ['export', '--run', 'r', '--format', 'onnx', '--module-prefix', '--out', 'x'],
      'leave out --module-prefix',
    ],
    [
      'an author’s names for ONNX',
      ['export', '--run', 'r', '--format', 'onnx', '--naming', 'akamaster', '--out', 'x'],
      'leave out --naming',
    ],
    ['a format without a run', ['export', ...PRESET, '--format', 'npz', '--out', 'x'], '--run'],
    ['a summary of nothing', ['summary'], 'name the folders'],
    ['an unknown format', ['train', ...PRESET, ...DATA, '--activations', 'f8'], 'f8'],
    ['an unknown engine', ['train', ...PRESET, ...DATA, '--engine', 'cuda'], 'auto or webgpu or cpu or tfjs'],
    ['no threads at all', ['train', ...PRESET, ...DATA, '--threads', '0'], 'from 1 to 16, not "0"'],
    ['more threads than there is work for', ['features', '--threads', '17', '--out', 'x'], 'from 1 to 16'],
    ['half a thread', ['train', ...PRESET, ...DATA, '--threads', '1.5'], 'not "1.5"'],
    [
      'threads of a graphics card',
      ['train', ...PRESET, ...DATA, '--engine', 'webgpu', '--threads', '2'],
      '--threads is for the CPU engine; leave it out with --engine webgpu',
    ],
  ])('%s', async (_, words, place) => {
    const { code, stdout, stderr } = await runLabHere(...words)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(place)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})

describe('on a machine without a Vulkan driver', () => {
  const TINY = [...PRESET, '--n', '1', '--width', '4', ...DATA, '--batch', '8'] as const
  const FEW = ['--limit-train', '16', '--limit-test', '8'] as const
  const NO_DRIVER = '/no/such/driver.json'
  afterEach(() => vi.unstubAllEnvs())

  async function trained(run: typeof runLab, ...words: readonly string[]) {
    vi.stubEnv('VK_DRIVER_FILES', NO_DRIVER)
    const out = await mkdtemp(join(tmpdir(), 'lab-cpu-'))
    const finished = await run('train', ...TINY, ...FEW, '--steps', '2', '--out', out, ...words)
    return { out, ...finished }
  }

  const checkpointIn = async (out: string) => {
    const path = join(out, 'checkpoint.safetensors')
    return readCheckpoint(await readFile(path), path)
  }

  test('the machine’s own choice is the CPU engine, and one line says why', async () => {
    const { code, stderr, out } = await trained(runLab, '--threads', '2')
    expect(stderr).toMatch(
      /^Engine: CPU, 2 threads, WebAssembly SIMD.*\. This machine has no graphics card that Dawn can use\.$/m,
    )
    expect(code).toBe(0)
    expect((await checkpointIn(out)).engines).toEqual([{ engine: 'cpu', fromStep: 0 }])
    const { engines } = JSON.parse(await readFile(join(out, 'metrics.json'), 'utf8'))
    expect(engines).toEqual([{ engine: 'cpu', fromStep: 0 }])
  })

  test('the CPU engine is used where it is asked for, and any count of threads gives the same weights', async () => {
    const [one, three] = [
      await trained(runLab, '--engine', 'cpu', '--threads', '1'),
      await trained(runLabHere, '--engine', 'cpu', '--threads', '3'),
    ]
    expect(one.stderr).toMatch(/^Engine: CPU, one thread, .*\. Chosen with --engine cpu\.$/m)
    expect(three.stderr).toMatch(/^Engine: CPU, 3 threads, .*\. Chosen with --engine cpu\.$/m)
    const weights = (out: string) => readFile(join(out, 'weights.safetensors'))
    expect((await weights(one.out)).equals(await weights(three.out))).toBe(true)
  })

  // Dawn itself warns of the driver that it was given.
  test('WebGPU, asked for, is refused in one sentence', async () => {
    const { code, stderr } = await trained(runLab, '--engine', 'webgpu')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^lab: No Vulkan driver on this machine gives Dawn an adapter; .*\n$/m)
  })

  test('a run of another engine goes on only where --engine names this one, and its checkpoint lists both', async () => {
    const { out } = await trained(runLabHere, '--engine', 'cpu')
    const path = join(out, 'checkpoint.safetensors')
    const checkpoint = await checkpointIn(out)
    await writeFile(path, writeCheckpoint({ ...checkpoint, engines: [{ engine: 'webgpu', fromStep: 0 }] }))

    const refused = await runLab('train', '--resume', out, '--steps', '4')
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain(
      'lab: This run was trained with WebGPU; continuing with the CPU engine changes its last digits from here on; ' +
        'name the engine with --engine cpu or --engine webgpu.',
    )
    expect((await checkpointIn(out)).state.steps).toBe(2)

    const resumed = await runLabHere('train', '--resume', out, '--steps', '4', '--engine', 'cpu')
    expect(resumed.code).toBe(0)
    expect(resumed.stderr).toContain(
      'Up to step 2 this run was trained with WebGPU; from here on the CPU engine',
    )
    expect((await checkpointIn(out)).engines).toEqual([
      { engine: 'webgpu', fromStep: 0 },
      { engine: 'cpu', fromStep: 2 },
    ])
  })
})

describe('summary', () => {
  /** A folder as `train --out` leaves it, of so many wrong answers. */
  async function runFolder(seed: number, wrong: number, identity = true): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'lab-'))
    const preset = findPreset('akamaster-20')?.config
    const config = { ...preset, network: { ...preset?.network, identity }, seed }
    const epochs = [{ step: 78_200, test: { correct: 10_000 - wrong, total: 10_000 } }]
    await writeFile(join(folder, 'metrics.json'), JSON.stringify({ config, epochs }))
    return folder
  }

  test('prints the mean error of the runs of one config, its deviation and how many they are', async () => {
    const folders = [await runFolder(1, 820), await runFolder(2, 840)]
    const { code, stdout } = await runLabHere('summary', ...folders)
    expect(code).toBe(0)
    expect(stdout).toContain('| akamaster-20 | CIFAR-10, 10000 images | 78200 | 8.300 ± 0.141 | 2 | 1, 2 |')
  })

  test('says what identity mappings are worth where there are seeds enough', async () => {
    const folders: string[] = []
    for (const [seed, wrong] of [820, 840, 835].entries()) folders.push(await runFolder(seed, wrong))
    for (const [seed, wrong] of [1200, 1150, 1190].entries())
      folders.push(await runFolder(seed, wrong, false))
    const finished = await runLabHere('summary', ...folders, '--json')
    expect(lastLine(finished)).toMatchObject({ comparisons: [{ identity: 0, withoutIdentity: 1 }] })
    const { stdout } = await runLabHere('summary', ...folders)
    expect(stdout).toContain('without identity mappings the error is 3.483 percentage points higher')
  })

  test('refuses to count a run twice', async () => {
    const folder = await runFolder(1, 820)
    const { code, stderr } = await runLabHere('summary', folder, folder)
    expect(code).toBe(2)
    expect(stderr).toContain('are the same run (seed 1)')
  })

  test('a folder without metrics is named in one sentence', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lab-'))
    const { code, stderr } = await runLabHere('summary', folder)
    expect(code).toBe(1)
    expect(stderr).toContain(`${join(folder, 'metrics.json')} cannot be read`)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})

describe('what cannot be read ends with code 1 and one sentence', () => {
  test('a folder that is not there', async () => {
    const { code, stderr } = await runLabHere('train', ...PRESET, '--data', join(tmpdir(), 'no-such-folder'))
    expect(code).toBe(1)
    expect(stderr).toContain('no-such-folder cannot be read')
  })

  test('a folder without CIFAR files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lab-'))
    const { code, stderr } = await runLabHere('train', ...PRESET, '--data', folder)
    expect(code).toBe(1)
    expect(stderr).toContain('holds no CIFAR binary files')
  })

  test('a folder with one of the six files names the first that is missing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lab-'))
    await writeFile(join(folder, 'data_batch_1.bin'), '')
    const { code, stderr } = await runLabHere('train', ...PRESET, '--data', folder)
    expect(code).toBe(1)
    expect(stderr).toContain('data_batch_2.bin')
  })
})
