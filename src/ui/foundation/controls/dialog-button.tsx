import type { ReactNode } from 'react'
import { DialogTrigger } from 'react-aria-components'
import { ActionButton } from './action-button.tsx'
import { PageOver } from './page-over.tsx'

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
      <PageOver title={title} wide={wide}>
        {children}
      </PageOver>
    </DialogTrigger>
  )
}
