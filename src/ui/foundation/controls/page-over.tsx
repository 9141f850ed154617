import type { ReactNode } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { ActionButton } from './action-button.tsx'
import styles from './dialog.module.css'

/** A page over the page. Escape, a click beside it, and its button close it. */
export function PageOver(props: {
  readonly title: string
  /** As wide as the page. */
  readonly wide?: boolean
  /** Drawn when it opens. */
  readonly children: () => ReactNode
  /** Where no trigger above opens and closes it: it is open until this is called. */
  readonly onClose?: () => void
}) {
  const { title, wide = false, children, onClose } = props
  return (
    <ModalOverlay
      className={styles.overlay ?? ''}
      isDismissable
      {...(onClose && { isOpen: true, onOpenChange: (open: boolean) => open || onClose() })}
    >
      <Modal className={`${styles.modal} ${wide ? styles.wide : ''}`}>
        <Dialog className={styles.dialog ?? ''}>
          {({ close }) => (
            <>
              <header className={styles.header}>
                <Heading slot="title" level={2} className={styles.title ?? ''}>
                  {title}
                </Heading>
                <ActionButton rank="quiet" onPress={close}>
                  Close
                </ActionButton>
              </header>
              {children()}
            </>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
