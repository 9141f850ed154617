// What vite.config.ts uses of vite-plugin-pwa. Its own types name packages whose types bring `lib: esnext` into every file.
import type { Plugin } from 'vite'

export function VitePWA(options: {
  readonly strategies: 'injectManifest'
  readonly srcDir: string
  readonly filename: string
  readonly injectRegister: false
  readonly injectManifest: {
    readonly globPatterns: readonly string[]
    readonly maximumFileSizeToCacheInBytes: number
  }
  readonly manifest: Readonly<Record<string, unknown>>
}): Plugin[]
