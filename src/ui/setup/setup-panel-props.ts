import type { RunConfig } from '../../contract/run-config.ts'

/** What a panel of the set-up zone works with. */
export type SetupPanelProps = {
  readonly setup: RunConfig
  readonly edit: (change: (setup: RunConfig) => RunConfig) => void
}
