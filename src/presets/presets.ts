// The five published systems and their presets.
import type { ParameterNaming } from '../network/parameter-namings.ts'
import type { RunConfig } from '../config/run-config.ts'
import { namingsOf, OWN_NAMING } from '../network/rename-parameters.ts'
import { DRGRIPA1 } from './drgripa1.ts'
import { HE } from './he.ts'
import { IAVICENNA } from './iavicenna.ts'
import { MBSARIYILDIZ } from './mbsariyildiz.ts'
import type { Preset, System } from './system.ts'
import { ZHENYE_NA } from './zhenye-na.ts'

export const SYSTEMS: readonly System[] = [HE, IAVICENNA, MBSARIYILDIZ, ZHENYE_NA, DRGRIPA1]

export const PRESETS: readonly Preset[] = SYSTEMS.flatMap(({ presets }) => presets)

export function findPreset(id: string): Preset | undefined {
  return PRESETS.find((preset) => preset.id === id)
}

/** The names that a run's weights are written in: its preset's author's, where that author's code has such a network. */
export function preferredNaming({ preset, network }: Pick<RunConfig, 'preset' | 'network'>): ParameterNaming {
  const own = systemOf(preset)?.naming
  return own && namingsOf(network).includes(own) ? own : OWN_NAMING
}

/** The system that a preset belongs to. */
export function systemOf(presetId: string | null): System | undefined {
  return SYSTEMS.find(({ presets }) => presets.some(({ id }) => id === presetId))
}
