import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cacheControlOf, headersFile, headersOf, PAGE_POLICY_IN_META } from './headers.ts'

const REACT_ARIA = join(import.meta.dirname, '../../node_modules/react-aria/dist/private')

const policyOf = (path: string) => headersOf(path)['Content-Security-Policy'] ?? ''

test.each(['interactions/usePress.mjs', 'overlays/usePreventScroll.mjs'])(
  'the style that react-aria’s %s adds is one that the policy knows',
  (file) => {
    const text = readFileSync(join(REACT_ARIA, file), 'utf8')
    const [, template = ''] = /style\.textContent = `([^`]*)`\.trim\(\)/.exec(text) ?? []
    const style = template.trim().replaceAll(/\$\{[^}]*PRESSABLE_ATTRIBUTE\}/g, 'data-react-aria-pressable')
    expect(style).toMatch(/^@layer \{/)
    const hash = createHash('sha256').update(style).digest('base64')
    expect(policyOf('index.html')).toContain(`'sha256-${hash}'`)
  },
)

test('a page runs files of ours alone, and connects to its own host alone', () => {
  const policy = policyOf('index.html')
  expect(policy).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';")
  expect(policy).toContain("connect-src 'self';")
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*/)
})

test('a worker may fetch from a mirror', () => {
  expect(policyOf('assets/worker-1.js')).toContain("connect-src 'self' https: http:")
})

test('the <meta> says what the header says, but for what only a header can', () => {
  expect(`${PAGE_POLICY_IN_META}; frame-ancestors 'none'`).toBe(policyOf('index.html'))
})

/** As Netlify and Cloudflare Pages read it: a file has the headers of every pattern that fits. */
function readHeaders(file: string, path: string): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  let fits = false
  for (const line of file.split('\n')) {
    if (line.startsWith('/')) {
      fits = line.endsWith('*') ? path.startsWith(line.slice(0, -1)) : path === line
    } else if (fits && line.trim() !== '') {
      const [name = '', ...value] = line.trim().split(': ')
      found[name] = [...(found[name] ?? []), value.join(': ')]
    }
  }
  return found
}

test.each(['/', '/index.html', '/service-worker.js', '/assets/worker-1.js', '/assets/kernels-1.wasm'])(
  'a host that reads _headers sends with %s what `npm start` does, each header once',
  (path) => {
    const file = path === '/' ? 'index.html' : path.slice(1)
    const sent = readHeaders(headersFile(), path)
    const { 'Content-Security-Policy': policy, ...common } = headersOf(file)
    for (const [name, value] of Object.entries(common)) expect([name, sent[name]]).toEqual([name, [value]])
    expect(sent['Cache-Control']).toEqual([cacheControlOf(file)])
    expect(sent['Content-Security-Policy']).toEqual([policy])
  },
)

test('docs/hosting.md tells other hosts the same', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/hosting.md'), 'utf8')
  for (const path of ['index.html', 'assets/worker-1.js']) {
    for (const [name, value] of Object.entries(headersOf(path))) expect(guide).toContain(`${name} "${value}"`)
    expect(guide).toContain(`Cache-Control "${cacheControlOf(path)}"`)
  }
})
