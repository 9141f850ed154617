// Folders that earlier versions of `lab train` have left when they were interrupted: every verb that takes one still does, and
// a run goes on bit for bit.
import { cp, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lastLine } from '../node/run-lab.ts'
import { oldFile, OLD_VERSIONS, readExpected } from './old-files.ts'
import { plainCli } from './plain-cli.ts'
import { digestOfCheckpoint } from './run-digests.ts'

const scratch = () => mkdtemp(join(tmpdir(), 'old-files-'))
const digestIn = async (folder: string) =>
  digestOfCheckpoint(await readFile(join(folder, 'checkpoint.safetensors')))

async function lab(...words: readonly string[]) {
  const finished = await plainCli(...words).finished
  expect(finished).toMatchObject({ code: 0 })
  return finished
}

describe.each(OLD_VERSIONS)('the run folder of %s', (version) => {
  const { train, steps, before, end, evaluate, evaluation, summary } = readExpected(version).runFolder
  const old = oldFile(version, 'run-folder')
  const budget = ['--steps', String(steps)]

  test('goes on to the bits of a run that nothing interrupted', async () => {
    expect(await digestIn(old)).toEqual(before)
    const [resumed, straight] = [await scratch(), await scratch()]
    await cp(old, resumed, { recursive: true })
    const { stderr } = await lab('train', '--resume', resumed, ...budget, '--engine', 'cpu')
    expect(stderr).toContain(`from the checkpoint of step ${before.steps}`)
    expect(stderr).toContain('without fused multiply-add')
    expect(await digestIn(resumed)).toEqual(end)
    await lab('train', ...train, ...budget, '--out', straight)
    expect(await digestIn(straight)).toEqual(end)
    const weights = (folder: string) => readFile(join(folder, 'weights.safetensors'))
    expect((await weights(resumed)).equals(await weights(straight))).toBe(true)
  })

  test('is summarised, and its weights score, as they did', async () => {
    expect((await lab('summary', old)).stdout).toBe(summary)
    const weights = join(old, 'weights.safetensors')
    const evaluated = await lab('evaluate', ...evaluate, '--weights', weights)
    expect(lastLine(evaluated)).toMatchObject(evaluation)
  })
})
