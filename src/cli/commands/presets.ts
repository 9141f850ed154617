import { buildGraph } from '../../network/build-graph.ts'
import { networkFacts, parameterCount } from '../../network/network-facts.ts'
import { SYSTEMS } from '../../presets/presets.ts'

/** The verb `presets`. Counts are trainable values; FLOPs are of one image forward, a multiply and an add being two. */
export async function presets(): Promise<{ text: string; json: unknown }> {
  const rows = SYSTEMS.flatMap((system) =>
    system.presets.map(({ id, title, config }) => {
      const { network, data } = config
      const facts = networkFacts(buildGraph(config))
      return {
        id,
        system: system.id,
        title,
        source: system.source.url,
        dataSet: data.set,
        params: facts.parameters,
        paramsWithoutIdentity: parameterCount(buildGraph({ network: { ...network, identity: false }, data })),
        depth: facts.depth,
        forwardFlops: facts.forwardFlops,
        activationBytes: facts.activationBytes,
        receptiveField: facts.receptiveField,
        reported: system.reported.rows
          .filter(({ preset }) => preset === id)
          .map(({ identity, testAccuracy }) => ({ identity, testAccuracy })),
        reportedNote: system.reported.note,
      }
    }),
  )
  const number = (value: number) => value.toLocaleString('en').padStart(12)
  const text = [
    `${'preset'.padEnd(26)}${'parameters'.padStart(12)}${'no identity'.padStart(12)}`,
    ...rows.map((row) => row.id.padEnd(26) + number(row.params) + number(row.paramsWithoutIdentity)),
    ...SYSTEMS.flatMap(({ title, reported: { note } }) =>
      note === null ? [] : ['', `${title}, as reported: ${note}`],
    ),
  ].join('\n')
  return { text, json: rows }
}
