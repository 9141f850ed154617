import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import styles from './action-button.module.css'

/** A command. `primary` is for the one that a person most likely came for, `quiet` for one among text. */
export function ActionButton(props: {
  readonly children: ReactNode
  readonly onPress?: () => void
  readonly rank?: 'primary' | 'quiet'
  readonly disabled?: boolean
  /** The name read out, where the text alone says too little; begins with the text. */
  readonly label?: string
}) {
  const { children, onPress, rank, disabled = false, label } = props
  return (
    <Button
      className={`${styles.button} ${rank ? styles[rank] : ''}`}
      isDisabled={disabled}
      {...(onPress && { onPress })}
      {...(label !== undefined && { 'aria-label': label })}
    >
      {children}
    </Button>
  )
}
