// What tells configs from one another, in words: what a run is called beside others.
import type { RunConfig } from '../../contract/run-config.ts'
import { networkInWords } from '../../network/network-words.ts'
import { configDifferences } from '../../runs/config-differences.ts'
import { fieldNames } from '../setup/field-names.ts'

/** For each config what the others have otherwise: "with identity, batch size 64"; empty where all are equal. */
export function distinctions(configs: readonly RunConfig[]): string[] {
  const [first] = configs
  if (!first) return []
  const paths = new Set(configs.flatMap((config) => configDifferences(first, config).map(({ path }) => path)))
  return configs.map((config) => wordsOf(config, paths))
}

function wordsOf(config: RunConfig, paths: ReadonlySet<string>): string {
  const ofNetwork = [...paths].filter((path) => path.startsWith('network.'))
  const isIdentityAlone = ofNetwork.length === 1 && paths.has('network.identity')
  const network = isIdentityAlone
    ? [config.network.identity ? 'with identity' : 'without identity']
    : ofNetwork.length > 0
      ? [networkInWords(config.network)]
      : []
  const others = [...paths].filter((path) => !path.startsWith('network.'))
  return [...network, ...others.map((path) => `${fieldNames([path])[0]} ${valueAt(config, path)}`)].join(', ')
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
