import { DIALECTS } from '../contract/dialect.ts'
import { buildGraph } from '../network/build-graph.ts'
import { dialectsOf } from '../network/dialects.ts'
import { parameterCount } from '../network/network-facts.ts'
import { networkInWords } from '../network/network-words.ts'
import { preferredDialect } from '../network/presets.ts'
import { initialState } from '../training/initialise.ts'
import { writeWeights } from '../transfer/weights-file.ts'
import { configFrom, required, text, type Values } from './options.ts'
import { replaceFile } from './run-folder.ts'
import { UsageError } from './usage.ts'

/** The verb `export`: freshly initialised weights in an author's parameter names. */
export async function exportWeights(values: Values): Promise<{ text: string; json: unknown }> {
  const out = required('export', values, 'out')
  const config = configFrom('export', values, null)
  const { network, preset, seed } = config
  const spoken = dialectsOf(network)
  const name = text(values, 'dialect')
  const dialect = name === null ? preferredDialect(config) : spoken.find((known) => known === name)
  if (!dialect) {
    const known = DIALECTS.some((other) => other === name)
    throw new UsageError(
      `export: ${known ? `${name}’s code has no such network` : `no dialect is called ${name}`}; ` +
        `${preset} can be written as ${spoken.join(' or ')}`,
    )
  }
  const graph = buildGraph(config)
  const bytes = writeWeights({ state: initialState(graph, seed), config, dialect, metrics: [] })
  await replaceFile(out, bytes)
  const parameters = parameterCount(graph)
  return {
    text: `${out}: ${networkInWords(network)}, ${parameters.toLocaleString('en')} parameters in ${dialect}’s names, seed ${seed}`,
    json: { file: out, preset, dialect, seed, identity: network.identity, parameters, bytes: bytes.length },
  }
}
