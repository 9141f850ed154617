import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { archiveProxy } from './scripts/archive-proxy.ts'

export default defineConfig({
  plugins: [react(), archiveProxy()],
  worker: { format: 'es' },
  build: { target: 'es2024', sourcemap: true, chunkSizeWarningLimit: 2500 },
})
