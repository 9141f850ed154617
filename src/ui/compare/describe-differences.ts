// What tells configs from one another, in words: what a run is called beside others.
import type { RunConfig } from '../../config/run-config.ts'
import { formatNetwork } from '../../network/format-network.ts'
import { findPreset } from '../../presets/presets.ts'
import type { Preset } from '../../presets/system.ts'
import { configDifferences } from '../../runs/config-differences.ts'
import { fieldName, wholePaths } from '../setup/field-names.ts'

/**
 * For each config what the others have otherwise: "with identity, batch size 64"; empty where all are equal. Of different
 * presets, the preset's id and what was changed in it: "akamaster-32, without identity, learning rate 0.05".
 */
export function describeDifferences(configs: readonly RunConfig[]): string[] {
  const [first] = configs
  if (!first) return []
  const paths = new Set(configs.flatMap((config) => configDifferences(first, config).map(({ path }) => path)))
  const ofPresets = new Set(configs.map(({ preset }) => preset)).size > 1
  return configs.map((config) => {
    const preset = ofPresets && config.preset !== null ? findPreset(config.preset) : undefined
    return preset ? describePreset(preset, config, paths) : describeValues(config, [...paths]).join(', ')
  })
}

function describePreset(preset: Preset, config: RunConfig, paths: ReadonlySet<string>): string {
  const changed = new Set(configDifferences(preset.config, config).map(({ path }) => path))
  const told = [...paths].filter((path) => path === IDENTITY || path === 'seed' || changed.has(path))
  return [preset.id, ...describeValues(config, told)].join(', ')
}

const IDENTITY = 'network.identity'
/** What a network's name says. */
const SIZE = /^network\.(stages|stem\.channels)\b/

function describeValues(config: RunConfig, paths: readonly string[]): string[] {
  const network = paths.some((path) => SIZE.test(path))
    ? [formatNetwork(config.network)]
    : paths.includes(IDENTITY)
      ? [config.network.identity ? 'with identity' : 'without identity']
      : []
  const others = wholePaths(paths.filter((path) => path !== IDENTITY && !SIZE.test(path)))
  return [...network, ...others.map((path) => `${fieldName(path)} ${valueAt(config, path)}`)]
}

function valueAt(config: RunConfig, path: string): string {
  let value: unknown = config
  for (const key of path.split('.')) {
    value = isRecord(value) ? value[key] : undefined
  }
  if (value === null || value === undefined) return 'none'
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
