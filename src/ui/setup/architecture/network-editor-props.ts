import type { NetworkConfig } from '../../../network/network-config.ts'

/** What a part of the architecture editor works with. */
export type NetworkEditorProps = {
  readonly network: NetworkConfig
  readonly change: (next: (network: NetworkConfig) => NetworkConfig) => void
}
