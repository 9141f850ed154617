// `npm test`: everything, in the order in which a failure is cheapest. `npm test -- check engine` runs only those.
import { spawnSync } from 'node:child_process'

const STAGES = {
  setup: 'setup',
  check: 'check',
  engine: 'test:engine',
  build: 'build',
  e2e: 'test:e2e',
} as const

function isStage(word: string): word is keyof typeof STAGES {
  return Object.hasOwn(STAGES, word)
}

const words = process.argv.slice(2)
const unknown = words.find((word) => !isStage(word))
if (unknown !== undefined) {
  console.error(`test: there is no stage ${unknown}; there are ${Object.keys(STAGES).join(', ')}`)
  process.exit(2)
}
const stages = words.length > 0 ? words.filter(isStage) : Object.keys(STAGES).filter(isStage)

const times: string[] = []
for (const stage of stages) {
  console.log(`\n── ${stage} (npm run ${STAGES[stage]})`)
  const begun = Date.now()
  const { status } = spawnSync('npm', ['run', '--silent', STAGES[stage]], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  const seconds = Math.round((Date.now() - begun) / 1000)
  if (status !== 0) {
    console.error(`\ntest: ${stage} failed after ${seconds} s`)
    process.exit(1)
  }
  times.push(`${stage} ${seconds} s`)
}
console.log(`\ntest: all passed (${times.join(', ')})`)
