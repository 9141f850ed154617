import { runConfigSchema } from '../../config/run-config.ts'
import { findPreset } from '../../presets/presets.ts'
import { heNetwork } from '../../presets/he.ts'
import { firstCheckpoint } from '../../training/checkpoint.ts'
import { writeCheckpoint } from '../../transfer/checkpoint-file.ts'
import type { TravellingRun } from '../../transfer/run-zip.ts'

const config = runConfigSchema.parse({
  ...findPreset('akamaster-20')?.config,
  network: heNetwork({ n: 1, width: 1 }),
})
const { state, ...rest } = firstCheckpoint(config)
const BYTES = writeCheckpoint({ ...rest, state: { ...state, steps: 2 } }, { pointsApart: true })

/** A small run as an archive holds it: two steps whose values need all bits of a float64, and their checkpoint. */
export function travellingRun(run: string): TravellingRun {
  const column = Float64Array.of(0.1 + 0.2, 1 / 3)
  return {
    entry: {
      version: 1,
      run,
      session: 's',
      group: null,
      config,
      name: 'née “x”',
      notes: '',
      state: 'stopped',
      place: null,
      failure: null,
      createdAt: 1,
      changedAt: 2,
      deletedAt: null,
      device: null,
      appVersion: '0',
      seconds: 1,
      steps: 2,
      totalSteps: 4,
      stepsPerEpoch: 2,
      result: null,
      checkpointBytes: 0,
      engines: [],
    },
    steps: { loss: column, accuracy: column, learningRate: column },
    epochs: [],
    log: [{ at: 1, level: 'info', text: 'hello' }],
    checkpoints: [{ bytes: BYTES, steps: 2, isBest: false, endsEpoch: false }],
  }
}
