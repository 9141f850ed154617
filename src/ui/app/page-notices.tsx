import { FailureNotice } from '../foundation/controls/notice.tsx'
import { useActions, useLab } from '../foundation/lab-context.tsx'
import styles from './app.module.css'

/** What concerns the page as a whole: a broken link, a worker that is gone. */
export function PageNotices() {
  const link = useLab((state) => state.failures.link)
  const page = useLab((state) => state.failures.page)
  const worker = useLab((state) => state.workerFailure)
  const { dismissFailure } = useActions()
  if (!link && !page && !worker) return null
  return (
    <div className={styles.notices}>
      <FailureNotice failure={worker} />
      <FailureNotice failure={page} onDismiss={() => dismissFailure('page')} />
      <FailureNotice failure={link} onDismiss={() => dismissFailure('link')} />
    </div>
  )
}
