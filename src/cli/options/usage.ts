import { type Fields, initialValues } from '../../base/kind-fields.ts'
import { BLOCKS } from '../../network/blocks/index.ts'
import { SHORTCUTS } from '../../network/shortcuts/index.ts'
import { OPTIMISER_KINDS, OPTIMISERS } from '../../optimisers/index.ts'
import { SCHEDULE_KINDS, SCHEDULES } from '../../schedules/index.ts'
import { WARMUPS } from '../../schedules/warmups/index.ts'
import { checkpointFormats, formatsOf } from '../../transfer/formats/index.ts'

/** The command line is wrong: one line for the person, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A line for each kind: its fields, and what they are where nobody sets them. */
function kindsHelp(
  part: string,
  kinds: readonly { readonly kind: string; readonly fields: Fields }[],
): string {
  const line = ({ kind, fields }: (typeof kinds)[number]) => {
    const values = Object.entries(initialValues(fields)).map(
      ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    return `    ${part} ${kind}: ${values.join(' ') || 'none'}`
  }
  return kinds.map(line).join('\n')
}

const FIELDS = `--set optimiser.FIELD=VALUE, schedule.FIELD=VALUE and warmup.FIELD=VALUE take these fields of each kind, here with their
defaults; a schedule's unit and milestones are fitted to the run's length:
${kindsHelp('optimiser', OPTIMISERS)}
${kindsHelp('schedule', SCHEDULES)}
${kindsHelp('warmup', WARMUPS)}
A network's shortcut and block are set whole: --set 'network.shortcut={"kind":"scaled","padding":"centre","factor":0.5}'
${kindsHelp('network.shortcut', SHORTCUTS)}
${kindsHelp('network.block', BLOCKS)}`

const ENGINE = `ENGINE is auto (the default), webgpu, cpu or tfjs. auto takes a graphics card through WebGPU where there is one, else the
CPU engine: WebAssembly SIMD on --threads threads, 1 to 16 (default: one per core). Every count gives the same bits. webgpu
also takes a software adapter, which is slow; tfjs is TensorFlow.js, for comparison.`

const END = `Progress goes to stderr. With --json the last line of stdout is one JSON object.
Exit codes: 0 success, 1 failure, 2 wrong arguments, 130 stopped by Ctrl-C,
129 by a closed terminal, 143 by kill; 141 where nobody reads the output.`

/** What each verb takes and does, and what else is to be known for it. */
const VERB_USAGES = {
  presets: {
    text: `presets  [--json]
    The published systems that can be trained, and their parameter counts with and without identity.`,
    notes: [],
  },
  train: {
    text: `train    --preset ID --data builtin|DIR [--no-identity] [--n N] [--width N]
         [--steps N | --epochs N] [--batch N] [--seed N]
         [--optimiser ${OPTIMISER_KINDS.join('|')}] [--learning-rate X]
         [--schedule ${SCHEDULE_KINDS.join('|')}]
         [--limit-train N] [--limit-test N] [--validation N] [--evaluate-first] [--set FIELD=VALUE]…
         [--whitening author|covariance|none] [--activations f32|f16]
         [--engine ENGINE] [--threads N] [--out DIR [--overwrite]] [--json | --markdown]
    Trains a network; DIR holds CIFAR's .bin files. --out takes the weights (safetensors), the metrics, TensorBoard
    events, and a checkpoint at the end of each epoch and on Ctrl-C; a run that DIR holds already is replaced only with --overwrite. --markdown prints the scores of each class and
    the confusion matrix of the last evaluation as tables. Another optimiser or schedule than the preset's has
    the defaults listed below. --validation sets N of the training images aside, by the seed, and evaluates on them as well;
    --evaluate-first does so before the first step. --activations f16 halves their memory, where the device has
    shader-f16. A whitening is computed first, which takes minutes. --set sets any field of the run's config, as
    metrics.json shows it, after all other options: --set augmentation.rotation=5 --set schedule.milestones=[100,150]
    --set 'warmup={"kind":"until-training-error","rate":0.01,"error":0.8}'

train    --resume DIR [--steps N | --epochs N] [--data DIR] [--engine ENGINE] [--threads N]
         [--out DIR [--overwrite]] [--json | --markdown]
    Continues from the checkpoint in DIR, up to N steps or epochs in all, as if it had never stopped. Another engine
    than the checkpoint's changes the last digits from there on, so it is used only where --engine names it.`,
    notes: [FIELDS, ENGINE],
  },
  evaluate: {
    text: `evaluate --preset ID --weights FILE --data builtin|DIR [--no-identity] [--n N] [--width N]
         [--whitening author|covariance|none] [--limit N] [--engine ENGINE] [--threads N]
         [--json | --markdown]
    The score of a safetensors file on the test images.`,
    notes: [ENGINE],
  },
  export: {
    text: `export   --preset ID --out FILE [--overwrite] [--seed N] [--no-identity] [--n N] [--width N] [--naming ID]
         [--module-prefix] [--json]
    Freshly initialised weights as a safetensors file, in the parameter names of the preset's author or of another
    (akamaster, iavicenna, mbsariyildiz, zhenye-na, drgripa1) whose code has such a network. With --module-prefix each
    name begins with module., as torch.nn.DataParallel's do.

export   --run DIR --out PATH [--overwrite] [--format FORMAT] [--naming ID] [--module-prefix] [--json]
    A run at its last checkpoint, its weights in such names. FORMAT is
${checkpointFormats.map(({ id, label, note }) => `      ${id.padEnd(12)}${label}: ${note}`).join('\n')}`,
    notes: [],
  },
  features: {
    text: `features --run DIR --out FILE.png [--overwrite] [--data DIR] [--engine ENGINE] [--threads N] [--json]
features --preset ID --weights FILE --data builtin|DIR --out FILE.png [--overwrite] [--no-identity] [--n N] [--width N]
         [--limit N] [--engine ENGINE] [--threads N] [--json]
    A picture with a row for each input feature of the last linear layer: the ten test images with its lowest
    activations on the left, the ten with its highest on the right, in ascending order.`,
    notes: [ENGINE],
  },
  summary: {
    text: `summary  DIR… [--format FORMAT | --json]
    The test errors of runs that \`train --out\` has written, as mean ± sd over the seeds of each config: a Markdown table.
    Where two configs differ in identity only and have three seeds or more each, also the difference (Welch's t).
    FORMAT writes the table alone: ${formatsOf('results')
      .map(({ id, label }) => `${id} (${label})`)
      .join(', ')}.`,
    notes: [],
  },
} as const

const usage = (verbs: readonly { readonly text: string }[], notes: readonly string[]) =>
  ['Usage: npm run --silent lab -- COMMAND [options]', ...verbs.map(({ text }) => text), ...notes, END].join(
    '\n\n',
  )

export const USAGE = usage(Object.values(VERB_USAGES), [FIELDS, ENGINE])

/** What `lab VERB --help` prints. */
export function usageOf(verb: keyof typeof VERB_USAGES): string {
  return usage([VERB_USAGES[verb]], VERB_USAGES[verb].notes)
}
