import { type ReactNode, useId } from 'react'
import { PanelBoundary } from './panel-boundary.tsx'
import styles from './panel.module.css'

/** A titled part of a zone, with its own error boundary. */
export function Panel(props: {
  readonly title: string
  /** A few words or a control beside the title. */
  readonly aside?: ReactNode
  readonly children: ReactNode
}) {
  const { title, aside, children } = props
  const id = useId()
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <header className={styles.heading}>
        <h3 id={id}>{title}</h3>
        {aside !== undefined && (
          <div className={styles.aside} translate="no">
            {aside}
          </div>
        )}
      </header>
      <PanelBoundary name={title}>{children}</PanelBoundary>
    </section>
  )
}
