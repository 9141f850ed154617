import { useState } from 'react'
import { type Failure, toFailure } from '../../../base/app-error.ts'
import type { CommandOf } from '../../../contract/commands.ts'
import { ActionButton } from '../../foundation/controls/action-button.tsx'
import { FailureNotice } from '../../foundation/controls/notice.tsx'
import { Progress } from '../../foundation/controls/progress.tsx'
import styles from '../setup.module.css'

type Query = Omit<CommandOf<'compute-whitening'>, 'kind'>

/** The whitening that is computed by itself, without a training. */
export type WhiteningWork = {
  /** 0 … 1; null where none is being computed. */
  readonly share: number | null
  /** A session is being prepared, which may be computing one as well. */
  readonly isPreparing: boolean
  readonly compute: (query: Query) => Promise<void>
  readonly cancel: () => unknown
}

/** Computes a whitening before it is needed, so that it can be looked at. */
export function WhiteningOffer({ query, work }: { readonly query: Query; readonly work: WhiteningWork }) {
  const { share, compute, cancel } = work
  const [failure, setFailure] = useState<Failure | null>(null)

  async function start(): Promise<void> {
    setFailure(null)
    const failed = await compute(query).then(() => null, toFailure)
    setFailure(failed?.code === 'aborted' ? null : failed)
  }

  if (failure) return <FailureNotice failure={failure} onDismiss={() => setFailure(null)} />
  if (share !== null) {
    return (
      <div className={styles.offer}>
        <p className={styles.note}>Computing the whitening matrix, {Math.floor(100 * share)} %</p>
        <Progress label="Computing the whitening matrix" share={share} />
        <ActionButton onPress={cancel}>Cancel</ActionButton>
      </div>
    )
  }
  return (
    <div className={styles.offer}>
      <p className={styles.note}>
        Computing the matrix takes minutes, once. Training computes it if it is missing. This browser stores
        it (37.8 MB).
      </p>
      <ActionButton onPress={() => void start()}>Compute now</ActionButton>
    </div>
  )
}
