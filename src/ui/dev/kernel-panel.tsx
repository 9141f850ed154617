import { useState } from 'react'
import { type Failure, toFailure } from '../../base/app-error.ts'
import type { KernelShare } from '../../contract/kernel-share.ts'
import { Panel } from '../foundation/panel.tsx'
import { percent, rate } from '../charts/curve-values.ts'
import { ActionButton } from '../foundation/controls/action-button.tsx'
import { FailureNotice } from '../foundation/controls/notice.tsx'
import styles from './kernel-panel.module.css'

type Profiling =
  | { readonly state: 'idle' | 'busy' }
  | { readonly state: 'done'; readonly kernels: readonly KernelShare[] }
  | { readonly state: 'failed'; readonly failure: Failure }

/** The device time of each kernel of a training step, on request. */
export function KernelPanel({ profile }: { readonly profile: () => Promise<readonly KernelShare[]> }) {
  const [profiling, setProfiling] = useState<Profiling>({ state: 'idle' })

  const begin = () => {
    setProfiling({ state: 'busy' })
    profile().then(
      (kernels) => setProfiling({ state: 'done', kernels }),
      (error: unknown) => setProfiling({ state: 'failed', failure: toFailure(error) }),
    )
  }
  const busy = profiling.state === 'busy'
  return (
    <Panel title="Kernels">
      <div>
        <ActionButton onPress={begin} disabled={busy}>
          {busy ? 'Profiling' : 'Profile a step of A'}
        </ActionButton>
      </div>
      {profiling.state === 'failed' && <FailureNotice failure={profiling.failure} />}
      {profiling.state === 'done' && <KernelTable kernels={profiling.kernels} />}
    </Panel>
  )
}

/** Chrome rounds a kernel's time to 0.1 ms; started with --enable-webgpu-developer-features it does not. */
function KernelTable({ kernels }: { readonly kernels: readonly KernelShare[] }) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Kernel</th>
          <th scope="col">Count</th>
          <th scope="col">ms</th>
          <th scope="col">Share</th>
          <th scope="col">GFLOP/s</th>
          <th scope="col">GB/s</th>
        </tr>
      </thead>
      <tbody>
        {kernels.map(({ label, count, milliseconds, share, gigaflopsPerSecond, gigabytesPerSecond }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>{count}</td>
            <td>{rate(milliseconds)}</td>
            <td>{percent(share)}</td>
            <td>{rate(gigaflopsPerSecond)}</td>
            <td>{rate(gigabytesPerSecond)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
