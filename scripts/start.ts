// `npm start`: builds the app, serves it with the archives beside it, and opens it where there is a desktop.
import { parseArgs } from 'node:util'
import { build, preview } from 'vite'

const { values } = parseArgs({ options: { port: { type: 'string', default: '4173' } } })

const hasDesktop =
  process.platform === 'darwin' ||
  process.platform === 'win32' ||
  Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])

await build({ logLevel: 'warn' })
const server = await preview({
  preview: { port: Number(values.port), open: hasDesktop && !process.env['CI'] },
})
console.log('\nResidual Lab is served at')
server.printUrls()
console.log('  Open it in Chrome. Ctrl+C ends the server; data and settings stay in the browser.')
