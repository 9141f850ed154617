import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { archiveProxy } from './scripts/archive-proxy.ts'
import { isolationHeaders } from './scripts/isolation-headers.ts'

export default defineConfig({
  plugins: [isolationHeaders(), react(), archiveProxy()],
  worker: { format: 'es' },
  build: { target: 'es2024', sourcemap: true, chunkSizeWarningLimit: 2500 },
})
