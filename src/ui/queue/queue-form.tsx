import { useState } from 'react'
import { type Parsed, readAscending } from '../../base/typed-number.ts'
import { MOST_QUEUED } from '../../contract/commands/queue-commands.ts'
import type { RunConfig } from '../../config/run-config.ts'
import { weightLayers } from '../../network/format-network.ts'
import { withLayers } from '../../network/resize-network.ts'
import { type Side, SIDES } from '../../runs/pair.ts'
import type { Sweep } from '../../runs/sweep.ts'
import { ActionButton } from '../foundation/controls/action-button.tsx'
import { FieldScope } from '../foundation/controls/invalid-fields.tsx'
import { NumberField } from '../foundation/controls/number-field.tsx'
import { SelectField } from '../foundation/controls/select-field.tsx'
import { TextField } from '../foundation/controls/text-field.tsx'
import styles from './queue.module.css'
import { formatSides, formatSweep } from './format-queue.ts'

const SIDES_OF: Readonly<Record<'both' | Side, readonly Side[]>> = { both: SIDES, a: ['a'], b: ['b'] }
const CHOICES = (['both', 'a', 'b'] as const).map((id) => ({ id, text: formatSides(SIDES_OF[id]) }))

const MOST_SEEDS = 50
/** Weight layers of the deepest network that a config can say, and more. */
const DEEPEST = 10_000

/** The set-up as it is, once, over seeds, or over depths with as many seeds each. */
export function QueueForm({
  setup,
  disabled,
  onAdd,
}: {
  readonly setup: RunConfig
  readonly disabled: boolean
  readonly onAdd: (sweep: Sweep) => unknown
}) {
  const [sides, setSides] = useState<keyof typeof SIDES_OF>('both')
  const [seeds, setSeeds] = useState(1)
  const [chosen, setDepths] = useState<readonly number[]>([])
  // The set-up may have gone on to a family without these depths.
  const depths = chosen.filter((layers) => withLayers(setup.network, layers) !== null)
  const [invalid, setInvalid] = useState<readonly string[]>([])
  const sweep = { sides: SIDES_OF[sides], seeds, depths }
  const isTooMuch = seeds * depths.length > MOST_QUEUED
  return (
    <div className={styles.form}>
      <div className={styles.fields}>
        <SelectField label="Train" options={CHOICES} value={sides} onChange={setSides} />
        <FieldScope onChange={setInvalid}>
          <NumberField label="Seeds" value={seeds} onChange={setSeeds} min={1} max={MOST_SEEDS} whole />
          <TextField<readonly number[]>
            label="Depths"
            value={depths}
            write={(values) => values.join(', ')}
            read={(text) => readDepths(text, setup)}
            onChange={setDepths}
            placeholder={`as set up: ${weightLayers(setup.network)}`}
            inputMode="numeric"
            unit="layers"
          />
        </FieldScope>
        <ActionButton disabled={disabled || isTooMuch || invalid.length > 0} onPress={() => onAdd(sweep)}>
          Add to queue
        </ActionButton>
      </div>
      <p className={styles.note}>
        {formatSweep(sweep, setup.seed)}
        {isTooMuch && ` At most ${MOST_QUEUED} sessions at once.`}
      </p>
    </div>
  )
}

/** Depths that the set-up's family has. */
function readDepths(text: string, { network }: RunConfig): Parsed<readonly number[]> {
  const parsed = readAscending(text, { min: 1, max: DEEPEST })
  if ('error' in parsed) return parsed
  const stranger = parsed.value.find((layers) => withLayers(network, layers) === null)
  if (stranger === undefined) return parsed
  const all = Array.from({ length: DEEPEST }, (_, i) => i + 1)
  const members = all.filter((layers) => withLayers(network, layers) !== null).slice(0, 4)
  return { error: `No network of this family has ${stranger} layers. Try ${members.join(', ')} …` }
}
