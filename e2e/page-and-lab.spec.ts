// The page and the command line are one program: on one machine they end with the same weights, bit for bit.
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runConfigSchema } from '../src/config/run-config.ts'
import { runLab } from '../src/testing/node/run-lab.ts'
import { LabPage } from './lab-page.ts'
import { valuesIn } from './weights.ts'
import { expect, test } from './test.ts'

const SMALL = ['--preset', 'akamaster-20', '--n', '1', '--width', '4', '--data', 'builtin', '--batch', '8']
const FEW = ['--limit-train', '36', '--limit-test', '20', '--steps', '12']

test('a run in the page and one of `lab train` end with the same weights, on any number of threads', async ({
  page,
}) => {
  const out = await mkdtemp(join(tmpdir(), 'lab-'))
  const one = ['--engine', 'cpu', '--threads', '1', '--out', out]
  const finished = await runLab('train', ...SMALL, ...FEW, ...one)
  expect(finished.stderr).toContain('CPU, one thread')
  expect(finished.code).toBe(0)
  const { config } = JSON.parse(await readFile(join(out, 'metrics.json'), 'utf8'))

  const lab = new LabPage(page)
  await lab.open(runConfigSchema.parse(config), 'cpu')
  await page.getByRole('button', { name: /^Engine:/ }).click()
  await page.getByRole('button', { name: /CPU threads/ }).click()
  await page.getByRole('option', { name: '2 threads', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Engine: CPU · 2 threads' })).toBeVisible()
  await page.keyboard.press('Escape')
  await lab.button('Train A only').click()
  await lab.finished(12)
  const exported = await readFile(await lab.download('Export weights A'))
  const written = await readFile(join(out, 'weights.safetensors'))
  expect(valuesIn(exported).length).toBeGreaterThan(0)
  expect(valuesIn(exported).equals(valuesIn(written))).toBe(true)
})
