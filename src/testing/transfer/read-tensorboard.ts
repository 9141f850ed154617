// TensorBoard's own reader, where `npm run setup` could install it.
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { z } from 'zod'

export const TENSORBOARD = '.cache/tensorboard'

const readSchema = z.object({
  /** Pairs of step and value, by tag. */
  scalars: z.record(z.string(), z.array(z.tuple([z.number(), z.number()]))),
  hyperparameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  status: z.string().nullable(),
})

/** What TensorBoard shows of a run's folder. */
export function readTensorBoard(folder: string): z.infer<typeof readSchema> {
  const json = execFileSync('python3', ['scripts/testing/read_tensorboard.py', folder], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: resolve(TENSORBOARD) },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return readSchema.parse(JSON.parse(json))
}
