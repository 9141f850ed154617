import type { NetworkOrigin } from '../../contract/commands/export-commands.ts'
import { findPreset, systemOf } from '../../presets/presets.ts'
import { count } from '../charts/curve-values.ts'

/** Where an imported file's network was taken from, in brackets; nothing where the file says it itself. */
export function formatOrigin(origin: NetworkOrigin): string {
  switch (origin.kind) {
    case 'file':
      return ''
    case 'settings':
      return ' (from the set-up; the file does not say)'
    case 'names': {
      const { preset, tensors, identityKnown } = origin
      const name = `${systemOf(preset)?.title ?? ''}: ${findPreset(preset)?.title ?? preset}`
      const identity = identityKnown ? '' : '; identity is assumed, because its shortcuts have no parameters'
      return ` (recognised by its ${count(tensors)} tensors as ${name}${identity}; normalised as in that preset)`
    }
    default:
      return origin satisfies never
  }
}
