// A run's recipe as Python source: constants, and the functions that depend on what was chosen.
import { DATA_SETS } from '../../base/data-set.ts'
import type { Normalisation } from '../../base/image-config.ts'
import { optimiserOf, type OptimiserConfig } from '../../optimisers/index.ts'
import { scheduleOf } from '../../schedules/index.ts'
import { warmupOf } from '../../schedules/warmups/index.ts'
import type { RunConfig } from '../../config/run-config.ts'

/** @param rate that a schedule which goes by results stands at */
export function recipeScript(config: RunConfig, steps: number, rate: number): string {
  return [
    constants(config, steps, rate),
    normalisation(config.normalisation),
    optimiser(config.optimiser),
    schedule(config),
  ].join('\n\n\n')
}

/** What of a run the script does otherwise, or not at all; sentences. */
export function notCarried({ whitening, activations, schedule: chosen, warmup, data }: RunConfig): string[] {
  const { notCarried: ofSchedule } = scheduleOf(chosen.kind).pytorch
  const ofWarmup = warmup && warmupOf(warmup.kind).pytorch.notCarried
  return [
    'The optimiser’s memory (momentum, running averages) begins anew.',
    'Orders, crops, flips and rotations are drawn by PyTorch, not by the lab’s generator.',
    ...(whitening
      ? ['The lab whitened its images (ZCA); this script does not, so these weights see other images.']
      : []),
    ...(activations === 'f16'
      ? ['The lab stored activations as float16; this script computes in float32.']
      : []),
    ...(ofSchedule === undefined ? [] : [ofSchedule]),
    ...(ofWarmup ? [ofWarmup] : []),
    ...(data.set === 'builtin'
      ? ['The weights were trained on the lab’s synthetic images; this script reads CIFAR-10’s files.']
      : []),
  ]
}

const python = (value: number | null | boolean) =>
  value === null ? 'None' : typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value)

function constants(
  {
    data,
    batchSize,
    budget,
    seed,
    labelSmoothing,
    augmentation,
    optimiser: { learningRate },
    schedule: { kind },
  }: RunConfig,
  steps: number,
  rate: number,
): string {
  const is100 = data.set === 'cifar100'
  return [
    `TRAIN_FILES = ${is100 ? "['train.bin']" : "['data_batch_%d.bin' % i for i in range(1, 6)]"}`,
    `TEST_FILES = ${is100 ? "['test.bin']" : "['test_batch.bin']"}`,
    `LABEL_BYTES = ${is100 ? '2  # coarse, then fine' : '1'}`,
    `TRAIN_IMAGES, TEST_IMAGES = ${python(data.limitTrain)}, ${python(data.limitTest)}  # the first so many; None: all`,
    `CLASSES = ${DATA_SETS[data.set].classes}`,
    `BATCH = ${batchSize}  # over all processes together`,
    `BUDGET, BUDGET_UNIT = ${budget.amount}, '${budget.unit}'`,
    `STEPS_TAKEN = ${steps}  # in the lab; the schedule goes on from here`,
    `SEED = ${seed}`,
    `LABEL_SMOOTHING = ${labelSmoothing}`,
    `RATE = ${scheduleOf(kind).baseRate ? rate : learningRate}`,
    `ROTATION = ${augmentation.rotation}  # degrees either way`,
    `CROP_PADDING, CROP_OFFSETS = ${augmentation.cropPadding}, ${Math.max(1, 2 * augmentation.cropPadding + (augmentation.cropReachesEnd ? 1 : 0))}`,
    `FLIP = ${python(augmentation.flip)}`,
  ].join('\n')
}

/** `statistics` of the training images, `normalise`, and whether it comes before the augmentation. */
function normalisation(chosen: Normalisation): string {
  const isMean = chosen.kind === 'image-mean' || chosen.kind === 'pixel-mean'
  const tuple = (values: readonly number[]) => `torch.tensor([${values.join(', ')}]).reshape(3, 1, 1)`
  const statistics = {
    channels: () => chosen.kind === 'channels' && `${tuple(chosen.mean)}, ${tuple(chosen.std)}`,
    'training-channels': () => 'channel_statistics(images)',
    'image-mean': () => '0.0, 1.0',
    'pixel-mean': () => 'images.double().mean(0).div(255).float(), 1.0',
  }[chosen.kind]()
  return [
    `NORMALISE_FIRST = ${python(isMean)}  # whether augmentation pads with 0 afterwards, or with black before`,
    '',
    '',
    'def statistics(images):',
    '    """Of the training images, uint8 [n, 3, 32, 32]."""',
    `    return ${statistics}`,
    '',
    '',
    'def normalise(images, mean, std):',
    '    """`images`: [n, 3, 32, 32] of 0 to 255."""',
    '    x = images.float() / 255',
    chosen.kind === 'image-mean'
      ? '    return x - x.mean((1, 2, 3), keepdim=True)'
      : '    return (x - mean) / std',
  ].join('\n')
}

function optimiser(chosen: OptimiserConfig): string {
  const { pytorch } = optimiserOf(chosen.kind)
  const decays = {
    all: 'True',
    'all-but-biases': "not name.endswith('bias')  # batch norm's shift is a bias",
    'weights-only': 'parameter.ndim > 1',
  }[chosen.decays]
  return [
    ...(pytorch.definition === undefined ? [] : [pytorch.definition, '', '']),
    'def decays(name, parameter):',
    `    return ${decays}`,
    '',
    '',
    'def make_optimiser(network):',
    '    named = list(network.named_parameters())',
    '    groups = [',
    `        {'params': [p for name, p in named if decays(name, p)], 'weight_decay': ${chosen.weightDecay}},`,
    "        {'params': [p for name, p in named if not decays(name, p)], 'weight_decay': 0.0},",
    '    ]',
    `    return ${pytorch.construct(chosen)}`,
  ].join('\n')
}

/** `rate_at`, and `make_plateau` that is None where the schedule does not go by results. */
function schedule({ schedule: chosen, warmup }: RunConfig): string {
  const { pytorch } = scheduleOf(chosen.kind)
  const ramp = warmup ? warmupOf(warmup.kind).pytorch.ramp(warmup) : ['begin, ramp = 0, 1.0']
  return [
    'def rate_at(step, per_epoch, total, base):',
    '    """The learning rate of a step, 0-based from the run\'s first."""',
    ...ramp.map((line) => `    ${line}`),
    ...pytorch.factor(chosen).map((line) => `    ${line}`),
    '    return ramp * base * factor',
    '',
    '',
    ...(pytorch.plateau?.(chosen) ?? ['make_plateau = None']),
  ].join('\n')
}
