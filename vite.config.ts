import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { archiveProxy } from './scripts/archive-proxy.ts'
import { isolationHeaders } from './scripts/isolation-headers.ts'
import { siteFiles } from './scripts/site-files.ts'

/** README names them. Syntax and CSS are written for them, and tsconfig's `lib` has what they have. */
const PROMISED_BROWSERS = ['chrome113', 'edge113', 'firefox115', 'safari16.4']

export default defineConfig({
  // The built folder works at any address, in a folder of a host too.
  base: './',
  resolve: {
    alias: [
      {
        find: /^zod$/,
        replacement: fileURLToPath(new URL('src/base/zod-without-eval.ts', import.meta.url)),
      },
    ],
  },
  plugins: [
    isolationHeaders(),
    react(),
    archiveProxy(),
    siteFiles(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/site',
      filename: 'service-worker.ts',
      // src/client/site registers it.
      injectRegister: false,
      injectManifest: {
        globPatterns: ['**/*.{html,js,css,wasm,svg,png,webmanifest}'],
        maximumFileSizeToCacheInBytes: 8 * 1024 * 1024,
      },
      manifest: {
        name: 'Residual Lab',
        short_name: 'Residual Lab',
        description: 'Train CIFAR ResNets in your browser, with and without identity mappings, side by side.',
        theme_color: '#ffffff',
        background_color: '#ffffff',
        display: 'standalone',
        categories: ['education', 'productivity'],
        icons: [
          { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
          { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: 'icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
    }),
  ],
  worker: { format: 'es' },
  build: { target: PROMISED_BROWSERS, sourcemap: true, chunkSizeWarningLimit: 2500 },
})
