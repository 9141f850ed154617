import { useState } from 'react'
import { ActionButton } from '../foundation/controls/action-button.tsx'
import { NumberField } from '../foundation/controls/number-field.tsx'
import styles from './extend-form.module.css'

const USUAL_EPOCHS = 5

/** "Continue for N more epochs". */
export function ExtendForm({ onExtend }: { readonly onExtend: (epochs: number) => unknown }) {
  const [epochs, setEpochs] = useState(USUAL_EPOCHS)
  return (
    <div className={styles.form}>
      <span>Continue for</span>
      <NumberField label="More epochs" value={epochs} onChange={setEpochs} min={1} max={10_000} whole />
      <span>more {epochs === 1 ? 'epoch' : 'epochs'}</span>
      <ActionButton
        label={`Continue for ${epochs} more ${epochs === 1 ? 'epoch' : 'epochs'}`}
        onPress={() => onExtend(epochs)}
      >
        Continue
      </ActionButton>
    </div>
  )
}
