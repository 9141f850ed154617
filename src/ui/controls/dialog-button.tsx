import type { ReactNode } from 'react'
import { Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { ActionButton } from './action-button.tsx'
import styles from './dialog.module.css'

/** A button that opens a page over the page: for what is read, then left. Escape closes it. */
export function DialogButton(props: {
  readonly text: string
  readonly title: string
  /** As wide as the page. */
  readonly wide?: boolean
  /** Drawn when it opens. */
  readonly children: () => ReactNode
}) {
  const { text, title, wide = false, children } = props
  return (
    <DialogTrigger>
      <ActionButton>{text}</ActionButton>
      <ModalOverlay className={styles.overlay ?? ''} isDismissable>
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
    </DialogTrigger>
  )
}
