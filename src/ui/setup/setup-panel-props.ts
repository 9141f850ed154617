import type { RunConfig } from '../../config/run-config.ts'

/** What a panel of the set-up zone works with. */
export type SetupPanelProps = {
  readonly setup: RunConfig
  readonly edit: (change: (setup: RunConfig) => RunConfig) => void
}
