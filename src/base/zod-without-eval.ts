// Zod as the page has it (vite.config.ts): it makes no program of text, nor tries whether it may, which the page's
// Content-Security-Policy would refuse and report.
import { config } from 'zod/v4/core'

config({ jitless: true })

export * from 'zod/v4'
