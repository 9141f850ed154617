import type { ChannelNormalisation, Normalisation } from '../../../base/image-config.ts'
import { type Parsed, readList } from '../../../base/typed-number.ts'
import { SelectField } from '../../foundation/controls/select-field.tsx'
import { TextField } from '../../foundation/controls/text-field.tsx'
import { nameOfNormalisation, NORMALISATIONS } from './normalisations.ts'
import type { SetupPanelProps } from '../setup-panel-props.ts'
import styles from '../setup.module.css'

const OWN = { id: 'own', text: 'Custom constants' } as const

type Triple = ChannelNormalisation['mean']

const MOST = 10

/** How pixels become numbers around 0: by a known rule, or by constants of one's own. */
export function NormalisationFields({ setup, edit }: SetupPanelProps) {
  const { normalisation } = setup
  const change = (next: Normalisation) => edit((before) => ({ ...before, normalisation: next }))
  const known = nameOfNormalisation(normalisation)
  return (
    <>
      <div className={styles.wide}>
        <SelectField
          label="Normalisation"
          options={known ? NORMALISATIONS : [...NORMALISATIONS, OWN]}
          value={known ?? OWN.id}
          onChange={(id) => {
            const chosen = NORMALISATIONS.find((other) => other.id === id)
            if (chosen) change(chosen.normalisation)
          }}
        />
      </div>
      {normalisation.kind === 'channels' && (
        <>
          <TripleField
            label="Mean (R, G, B)"
            value={normalisation.mean}
            min={-10}
            onChange={(mean) => change({ ...normalisation, mean })}
          />
          <TripleField
            label="Standard deviation (R, G, B)"
            value={normalisation.std}
            min={1e-6}
            onChange={(std) => change({ ...normalisation, std })}
          />
        </>
      )}
    </>
  )
}

function TripleField(props: {
  readonly label: string
  readonly value: Triple
  readonly min: number
  readonly onChange: (value: Triple) => void
}) {
  const { label, value, min, onChange } = props
  function read(text: string): Parsed<Triple> {
    const range = { min, max: MOST, whole: false }
    const error = `Enter three numbers from ${min} to ${MOST}, such as 0.49, 0.48, 0.45.`
    const parsed = readList(text, range, ({ length }) => length === 3, error)
    if ('error' in parsed) return parsed
    const [red = 0, green = 0, blue = 0] = parsed.value
    return { value: [red, green, blue] }
  }
  return (
    <div className={styles.wide}>
      <TextField
        label={label}
        value={value}
        write={(channels) => channels.join(', ')}
        read={read}
        onChange={onChange}
      />
    </div>
  )
}
