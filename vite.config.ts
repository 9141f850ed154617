import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { archiveProxy } from './scripts/archive-proxy.ts'
import { isolationHeaders } from './scripts/isolation-headers.ts'

/** README names them. Syntax and CSS are written for them, and tsconfig's `lib` has what they have. */
const PROMISED_BROWSERS = ['chrome113', 'edge113', 'firefox115', 'safari16.4']

export default defineConfig({
  plugins: [isolationHeaders(), react(), archiveProxy()],
  worker: { format: 'es' },
  build: { target: PROMISED_BROWSERS, sourcemap: true, chunkSizeWarningLimit: 2500 },
})
