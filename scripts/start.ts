// `npm start`: builds the app, serves it with the archives beside it, and opens it where there is a desktop.
import { spawn } from 'node:child_process'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'vite'
import { createArchiveHandler } from './archive-proxy.ts'
import { labServer } from './server/lab-server.ts'
import { listen, ListenError } from './server/listen.ts'

const HELP = `npm start -- [--port N] [--host NAME] [--no-build]

  --port N     the port, 4173 where left out
  --host NAME  the name or address to serve at; localhost, and so this machine alone, where left out
  --no-build   serve what was built last
`

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4173' },
    host: { type: 'string', default: 'localhost' },
    'no-build': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}
const port = Number(values.port)
if (!Number.isInteger(port) || port < 0 || port > 65_535) fail(`--port ${values.port} is no port: 0 to 65535`)

/** Until the app is built. */
let answer: RequestListener = (_, response) => {
  response
    .writeHead(503, { 'content-type': 'text/plain', 'retry-after': '5' })
    .end('Building; try again soon.\n')
}
// The port first: a build would replace files that a lab on this port is serving.
const server = await listen((request, response) => answer(request, response), port, values.host).catch(fail)
if (!values['no-build']) await build({ logLevel: 'warn' })
answer = labServer({
  folder: join(import.meta.dirname, '../dist'),
  archives: createArchiveHandler({
    upstream: process.env['RESIDUAL_LAB_ARCHIVES'],
    cacheFolder: process.env['RESIDUAL_LAB_ARCHIVE_CACHE'],
  }),
  name: values.host,
})

const bound = server.address()
const base = `http://${values.host}:${typeof bound === 'object' && bound ? bound.port : port}/`
console.log(`\nResidual Lab is served at\n  ${base}`)
console.log('  Open it in Chrome. Ctrl+C ends the server; data and settings stay in the browser.')
if (hasDesktop() && !process.env['CI']) openInBrowser(base)

function fail(error: unknown): never {
  if (!(error instanceof ListenError || typeof error === 'string')) throw error
  console.error(`start: ${error instanceof ListenError ? error.message : error}`)
  process.exit(1)
}

function hasDesktop(): boolean {
  const { platform, env } = process
  return platform === 'darwin' || platform === 'win32' || Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY'])
}

function openInBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'win32'
      ? ['cmd', '/c', 'start', '', url]
      : [process.platform === 'darwin' ? 'open' : 'xdg-open', url]
  const opener = spawn(command ?? '', args, { stdio: 'ignore', detached: true })
  // Without one a person opens the address that was printed.
  opener.on('error', () => undefined)
  opener.unref()
}
