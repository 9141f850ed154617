// A run as a folder that trains on in PyTorch, without this lab: a script, its weights and the images set aside.
import { DATA_SETS } from '../../base/data-set.ts'
import type { ParameterNaming } from '../../network/parameter-namings.ts'
import { formatNetwork } from '../../network/format-network.ts'
import type { Checkpoint } from '../../training/checkpoint.ts'
import { validationIndices } from '../../training/validation-indices.ts'
import { writeWeights } from '../weights-file.ts'
import { networkScript } from './network-script.ts'
import { notCarried, recipeScript } from './recipe-script.ts'
import { IMPORTS, LAYERS, TRAINING } from './script-parts.ts'

/** Files by name: `train.py`, `weights.safetensors`, and `validation.txt` where images are set aside. */
export function pytorchFiles(
  checkpoint: Checkpoint,
  naming: ParameterNaming,
): ReadonlyMap<string, string | Uint8Array<ArrayBuffer>> {
  const { config, state, epochs } = checkpoint
  const { data, seed } = config
  const files = new Map<string, string | Uint8Array<ArrayBuffer>>([
    ['train.py', trainingScript(checkpoint, naming)],
    ['weights.safetensors', writeWeights({ state, config, naming, metrics: epochs })],
  ])
  if (data.validation) {
    const images = Math.min(DATA_SETS[data.set].images.train, data.limitTrain ?? Infinity)
    const { heldOut } = validationIndices(images, data.validation.images, seed)
    files.set('validation.txt', `${heldOut.join('\n')}\n`)
  }
  return files
}

function trainingScript({ config, state, points }: Checkpoint, naming: ParameterNaming): string {
  const { classes } = DATA_SETS[config.data.set]
  const rate = points.at(-1)?.learningRate ?? config.optimiser.learningRate
  return `${[
    header(config, state.steps),
    IMPORTS,
    recipeScript(config, state.steps, rate),
    LAYERS,
    networkScript(config.network, classes, naming),
    TRAINING,
  ].join('\n\n\n')}\n`
}

function header(config: Checkpoint['config'], steps: number): string {
  const { title } = DATA_SETS[config.data.set]
  return `"""${formatNetwork(config.network)}, trained for ${steps} steps on ${title} by Residual Lab, and on from there.

    python3 train.py --data FOLDER                               # one process
    torchrun --nproc_per_node 8 train.py --data FOLDER           # as many GPUs

FOLDER holds ${config.data.set === 'cifar100' ? 'CIFAR-100' : 'CIFAR-10'}'s binary files. Needs torch and numpy. What is not as in the lab:
${notCarried(config)
  .map((sentence) => `- ${sentence}`)
  .join('\n')}
"""`
}
