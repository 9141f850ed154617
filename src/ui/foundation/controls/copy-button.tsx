import { useState } from 'react'
import { ActionButton } from './action-button.tsx'
import styles from './copy-button.module.css'

const REFUSED = 'The browser blocked copying.'

/** Puts a text on the clipboard, and says so. */
export function CopyButton(props: {
  readonly children: string
  /** What is copied, as it is when the button is pressed. */
  readonly text: () => string
  /** Said once it is done: "12 lines copied." */
  readonly done: string
}) {
  const { children, text, done } = props
  const [told, setTold] = useState('')
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text())
      setTold(done)
    } catch {
      setTold(REFUSED)
    }
  }
  return (
    <>
      <ActionButton onPress={() => void copy()}>{children}</ActionButton>
      <output className={styles.told}>{told}</output>
    </>
  )
}
