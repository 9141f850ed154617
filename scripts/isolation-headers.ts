// Vite's own servers (`npm run dev`, the benchmark's and the evidence's) send what makes a page cross-origin isolated.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpServer, Plugin } from 'vite'
import { ISOLATION_HEADERS } from '../src/site/headers.ts'

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
