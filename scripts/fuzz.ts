// `npm run fuzz`: 100,000 damaged files, archives and links, from one seed, over what reads them. `npm run fuzz -- 5000 7`
// reads 5,000 and draws them from seed 7. What came of them is printed by each test.
import { spawnSync } from 'node:child_process'

const [count = '100000', seed = '1'] = process.argv.slice(2)
if (![count, seed].every((word) => /^\d+$/.test(word))) {
  console.error('fuzz: takes how many inputs, and a seed')
  process.exit(2)
}
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'unit', '.fuzz.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, FUZZ: count, FUZZ_SEED: seed },
  shell: process.platform === 'win32',
})
process.exit(status ?? 1)
