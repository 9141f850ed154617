import type { ReactNode } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { ActionButton } from './action-button.tsx'
import styles from './dialog.module.css'

/** A question that must be answered; Escape declines. */
export function ConfirmDialog(props: {
  readonly title: string
  /** What agrees. */
  readonly confirm: string
  readonly children: ReactNode
  readonly onAnswer: (isAgreed: boolean) => void
}) {
  const { title, confirm, children, onAnswer } = props
  return (
    <ModalOverlay
      className={styles.overlay ?? ''}
      isOpen
      onOpenChange={(isOpen) => isOpen || onAnswer(false)}
    >
      <Modal className={`${styles.modal} ${styles.narrow}`}>
        <Dialog className={`${styles.dialog} ${styles.question}`} role="alertdialog">
          <Heading slot="title" level={2} className={styles.title ?? ''}>
            {title}
          </Heading>
          {children}
          <div className={styles.answers}>
            <ActionButton onPress={() => onAnswer(false)}>Cancel</ActionButton>
            <ActionButton rank="primary" onPress={() => onAnswer(true)}>
              {confirm}
            </ActionButton>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
