// Threads share memory only in a page that is cross-origin isolated, which these headers make it. Every server of ours
// sends them; public/isolation-worker.js adds them on hosts that cannot.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpServer, Plugin } from 'vite'

export const ISOLATION_HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const

/** Sends the headers with every response of Vite's servers, in development and in preview. */
export function isolationHeaders(): Plugin {
  return {
    name: 'isolation-headers',
    configureServer: ({ httpServer }) => isolate(httpServer),
    configurePreviewServer: ({ httpServer }) => isolate(httpServer),
  }
}

function isolate(server: HttpServer | null): void {
  // Before any middleware: Vite answers preflights and unknown hosts before a plugin's own.
  server?.prependListener('request', (_: IncomingMessage, response: ServerResponse) => {
    for (const [name, value] of Object.entries(ISOLATION_HEADERS)) response.setHeader(name, value)
  })
}
