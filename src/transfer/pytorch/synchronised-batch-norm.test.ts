// The script's batch norm over two processes, beside PyTorch's own in one: scripts/parity/compare_batch_norm.py.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { findPreset } from '../../presets/presets.ts'
import { firstCheckpoint } from '../../training/checkpoint.ts'
import { pytorchFiles } from './pytorch-files.ts'

const SCRIPT = fileURLToPath(new URL('../../../scripts/parity/compare_batch_norm.py', import.meta.url))
const PYTHONS = ['python3', '/usr/bin/python3']
const hasTorch = (python: string) => spawnSync(python, ['-c', 'import torch']).status === 0

/** Relative errors of the output, the gradients and the running statistics, one a channel. */
const errorsSchema = z.record(z.string(), z.array(z.number()))
const tableSchema = z.object({ 'two processes': errorsSchema, 'PyTorch in one': errorsSchema })

test(
  'two processes normalise channels far from 0 as well as PyTorch in one',
  { timeout: 300_000 },
  async ({ skip }) => {
    const python = PYTHONS.find(hasTorch)
    if (python === undefined) return skip(`NOT TESTED: no PyTorch in ${PYTHONS.join(' or ')}`)
    const folder = await mkdtemp(join(tmpdir(), 'lab-script-'))
    const path = join(folder, 'train.py')
    const preset = findPreset('akamaster-20')
    if (!preset) throw new Error('there is no such preset')
    await writeFile(path, pytorchFiles(firstCheckpoint(preset.config), 'akamaster').get('train.py') ?? '')
    const output = await outputOf(python, [SCRIPT, path])
    await rm(folder, { recursive: true })
    const { 'two processes': together, 'PyTorch in one': alone } = tableSchema.parse(JSON.parse(output))
    // Rounding alone: 8 units in the last place of a float32.
    const rounding = 2 ** -20
    for (const [name, errors] of Object.entries(together)) {
      for (const [channel, error] of errors.entries()) {
        const limit = Math.max(rounding, alone[name]?.[channel] ?? 0)
        expect(error, `${name} of channel ${channel}`).toBeLessThanOrEqual(limit)
      }
    }
  },
)

function outputOf(command: string, words: readonly string[]): Promise<string> {
  const child = spawn(command, words, { env: { ...process.env, OMP_NUM_THREADS: '1' } })
  let output = ''
  let complaint = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString()
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => (output === '' ? reject(new Error(complaint)) : resolve(output)))
  })
}
