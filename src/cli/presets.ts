import { buildGraph } from '../network/build-graph.ts'
import { networkFacts, parameterCount } from '../network/network-facts.ts'
import { PRESETS } from '../network/presets.ts'

/** The verb `presets`. Counts are trainable values; FLOPs are of one image forward, a multiply and an add being two. */
export async function presets(): Promise<{ text: string; json: unknown }> {
  const rows = PRESETS.map(({ id, title, source, reportedError, config }) => {
    const { network, data } = config
    const facts = networkFacts(buildGraph(config))
    return {
      id,
      title,
      source: source.url,
      params: facts.parameters,
      paramsWithoutIdentity: parameterCount(buildGraph({ network: { ...network, identity: false }, data })),
      depth: facts.depth,
      forwardFlops: facts.forwardFlops,
      activationBytes: facts.activationBytes,
      receptiveField: facts.receptiveField,
      reportedError,
    }
  })
  const text = rows
    .map((row) => `${row.id.padEnd(16)}${row.params.toLocaleString('en').padStart(12)} parameters`)
    .join('\n')
  return { text, json: rows }
}
