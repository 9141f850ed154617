import { Switch } from 'react-aria-components'
import styles from './field.module.css'

/** On or off, at once. */
export function SwitchField(props: {
  readonly label: string
  readonly value: boolean
  readonly onChange: (on: boolean) => void
  readonly disabled?: boolean
}) {
  const { label, value, onChange, disabled = false } = props
  return (
    <Switch className={styles.switch ?? ''} isSelected={value} onChange={onChange} isDisabled={disabled}>
      <span className={styles.track} aria-hidden="true" />
      {label}
    </Switch>
  )
}
