import type { ReactNode } from 'react'
import styles from './empty-tab.module.css'

/** What stands in place of a panel: what is missing, and what will bring it. */
export function EmptyTab({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p>{title}</p>
      <p>{children}</p>
    </div>
  )
}
