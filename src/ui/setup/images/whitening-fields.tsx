import { type WhiteningConfig, whiteningOfKind } from '../../../base/image-config.ts'
import { NumberField } from '../../foundation/controls/number-field.tsx'
import { SelectField } from '../../foundation/controls/select-field.tsx'
import type { SetupPanelProps } from '../setup-panel-props.ts'
import styles from '../setup.module.css'

const WHITENINGS = [
  { id: 'none', text: 'None' },
  { id: 'author', text: 'As iavicenna', note: 'from second moments, ε = 10⁻⁵' },
  { id: 'covariance', text: 'Textbook', note: 'from the covariance around the mean image' },
] as const

/** Whether pixels are decorrelated, and how. */
export function WhiteningFields({ setup, edit }: SetupPanelProps) {
  const { whitening, normalisation } = setup
  const choose = (chosen: WhiteningConfig | null) => edit((before) => ({ ...before, whitening: chosen }))
  // Without the images' own means it would magnify what they have taken out.
  const options = WHITENINGS.filter(({ id }) => id !== 'author' || normalisation.kind !== 'image-mean')
  return (
    <>
      <div className={styles.wide}>
        <SelectField
          label="Whitening (ZCA)"
          options={options}
          value={whitening?.kind ?? 'none'}
          onChange={(kind) => choose(whiteningOfKind(kind))}
          hint={whitening ? 'ZCA: decorrelates pixels, changing the image as little as possible.' : undefined}
        />
      </div>
      {whitening?.kind === 'covariance' && (
        <div className={styles.wide}>
          <NumberField
            label="Whitening ε"
            value={whitening.epsilon}
            onChange={(epsilon) => choose({ kind: 'covariance', epsilon })}
            min={1e-8}
            max={100}
            whole={false}
            step={0.01}
            hint="Added to each variance. Larger values whiten less."
          />
        </div>
      )}
    </>
  )
}
