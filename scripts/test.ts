// `npm test`: everything, in the order in which a failure is cheapest. `npm test -- check engine` runs only those.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

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

/** A script's exit code. What ends us ends it as well, so that nothing is left running. */
function runScript(name: string): Promise<number> {
  const child = spawn('npm', ['run', '--silent', name], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal)
  const signals = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.on(signal, passOn)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      for (const heard of signals) process.off(heard, passOn)
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))
    })
  })
}

const times: string[] = []
for (const stage of stages) {
  console.log(`\n── ${stage} (npm run ${STAGES[stage]})`)
  const begun = Date.now()
  const status = await runScript(STAGES[stage])
  const seconds = Math.round((Date.now() - begun) / 1000)
  if (status !== 0) {
    console.error(`\ntest: ${stage} failed after ${seconds} s`)
    process.exit(status)
  }
  times.push(`${stage} ${seconds} s`)
}
console.log(`\ntest: all passed (${times.join(', ')})`)
