// What `npm run build` adds to the built files: the page's Content-Security-Policy in index.html, for hosts that send no
// headers, and the headers as a file, for hosts that read one.
import type { Plugin } from 'vite'
import { headersFile, PAGE_POLICY_IN_META } from '../src/site/headers.ts'

export function siteFiles(): Plugin {
  return {
    name: 'site-files',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: PAGE_POLICY_IN_META },
        // Before anything that it is about.
        injectTo: 'head-prepend',
      },
    ],
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '_headers', source: headersFile() })
    },
  }
}
