import type { Answers } from '../../contract/evaluation.ts'
import type { RunConfig } from '../../config/run-config.ts'
import { PRESETS } from '../../presets/presets.ts'
import type { ComparedRun } from '../../runs/compared-run.ts'

const STEPS_PER_EPOCH = 10

/** A run with these test accuracies in %, epoch by epoch; its losses fall with them. */
export function comparedRun(run: {
  readonly seed: number
  readonly accuracies: readonly number[]
  readonly identity?: boolean
  readonly blocks?: number
  readonly changed?: Partial<RunConfig>
  readonly answers?: Answers
}): ComparedRun {
  const { seed, accuracies, identity = true, blocks = 3, changed = {}, answers = null } = run
  const [preset] = PRESETS
  if (!preset) throw new Error('there is no preset')
  const { network } = preset.config
  const stages = network.stages.map((stage) => ({ ...stage, blocks }))
  const steps = accuracies.length * STEPS_PER_EPOCH
  const column = (value: (step: number) => number) =>
    Float64Array.from({ length: steps }, (_, i) => value(i + 1))
  return {
    run: `${identity ? 'a' : 'b'}-${blocks}-${seed}`,
    name: '',
    config: { ...preset.config, ...changed, seed, network: { ...network, stages, identity } },
    steps: {
      loss: column((step) => seed / step),
      accuracy: column((step) => step / (steps + 1)),
      learningRate: column(() => 0.1),
    },
    epochs: accuracies.map((percent, i) => {
      const accuracy = percent / 100
      return {
        epoch: i + 1,
        step: (i + 1) * STEPS_PER_EPOCH,
        train: { loss: 1 - accuracy, accuracy },
        validation: null,
        test: { loss: 1 - accuracy, accuracy, correct: Math.round(accuracy * 10_000), total: 10_000 },
      }
    }),
    answers,
  }
}
