import { buildGraph } from '../../network/build-graph.ts'
import { parameterCount } from '../../network/network-facts.ts'
import { formatNetwork } from '../../network/format-network.ts'
import { initialState } from '../../training/initialise.ts'
import { writeWeights } from '../../transfer/weights-file.ts'
import { exportRun } from './export-run.ts'
import { configFrom, namingFrom } from '../options/config-options.ts'
import { required, text } from '../options/option-values.ts'
import type { Values } from '../options/options.ts'
import { assertFree, replaceFile } from './output-files.ts'
import { UsageError } from '../options/usage.ts'

/** The verb `export`: a run's weights or metrics, or freshly initialised weights in an author's parameter names. */
export async function exportWeights(values: Values): Promise<{ text: string; json: unknown }> {
  const folder = text(values, 'run')
  if (folder !== null) return exportRun(values, folder)
  if (values['format'] !== undefined) {
    throw new UsageError('export: --format is for runs; name one with --run, or leave out --format')
  }
  const out = required('export', values, 'out')
  const config = configFrom('export', values, null)
  const { network, preset, seed } = config
  const naming = namingFrom('export', values, config)
  await assertFree(out, values['overwrite'] === true)
  const graph = buildGraph(config)
  const modulePrefix = values['module-prefix'] === true
  const state = initialState(graph, seed)
  const bytes = writeWeights({ state, config, naming, modulePrefix, metrics: [] })
  await replaceFile(out, bytes)
  const parameters = parameterCount(graph)
  return {
    text: `${out}: ${formatNetwork(network)}, ${parameters.toLocaleString('en')} parameters in ${naming}’s names, seed ${seed}`,
    json: { file: out, preset, naming, seed, identity: network.identity, parameters, bytes: bytes.length },
  }
}
