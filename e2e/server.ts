// What `npm start` serves, to whose policy the journeys add an address for reports: of whatever a page or a worker of it is
// refused, though it be caught there and said nowhere.
import { join } from 'node:path'
import { createArchiveHandler } from '../scripts/archive-proxy.ts'
import { labServer } from '../scripts/server/lab-server.ts'
import { listen } from '../scripts/server/listen.ts'
import { APP_PORT, ARCHIVES_PORT, VIOLATIONS } from './ports.ts'

const ROOT = join(import.meta.dirname, '..')

const lab = labServer({
  folder: join(ROOT, 'dist'),
  archives: createArchiveHandler({
    // The "official host" of these tests is a server of their own (archive-host.ts).
    upstream: `http://127.0.0.1:${ARCHIVES_PORT}/`,
    cacheFolder: join(ROOT, '.cache/e2e-archives'),
  }),
})

/** Reported since they were asked for last. */
let reports: string[] = []

await listen(
  (request, response) => {
    if (request.url !== VIOLATIONS) {
      const setHeader = response.setHeader.bind(response)
      response.setHeader = (name, value) =>
        setHeader(
          name,
          name === 'Content-Security-Policy' ? `${String(value)}; report-uri ${VIOLATIONS}` : value,
        )
      lab(request, response)
    } else if (request.method === 'POST') {
      let report = ''
      request.on('data', (piece: Buffer) => (report += piece.toString()))
      request.on('end', () => {
        reports.push(report)
        response.writeHead(204).end()
      })
    } else {
      response.end(JSON.stringify(reports))
      reports = []
    }
  },
  APP_PORT,
  '127.0.0.1',
)
