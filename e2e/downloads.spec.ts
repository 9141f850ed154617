// Archives from a host: the real CIFAR-10 into this browser, and from there into a network; and what a host does wrong.
// The real CIFAR-100 from a file.
import { readFile } from 'node:fs/promises'
import type { RunConfig } from '../src/config/run-config.ts'
import { CIFAR_10, CIFAR_100 } from '../src/data/cifar/cifar-format.ts'
import { withWidth } from '../src/network/resize-network.ts'
import { findPreset } from '../src/presets/presets.ts'
import { CIFAR100_DIR, CIFAR10_DIR, packArchive, startArchiveHost } from './archive-host.ts'
import { LabPage, LONG_WORK_MS, TINY } from './lab-page.ts'
import { memoryAtRest, watchMemory } from './memory.ts'
import { expect, test } from './test.ts'
import { valuesIn } from './weights.ts'

// One after another: there is one archive host at a time.
test.describe.configure({ mode: 'default' })

test('a download that fails says what was found and what to do: 404, 403, a web page in place of the archive', async ({
  page,
}) => {
  await using host = await startArchiveHost()
  const lab = new LabPage(page)
  await lab.open()
  const failure = page.getByRole('alert').first().getByRole('paragraph').first()

  host.behave({ kind: 'status', status: 404 })
  // CIFAR-100: the archive of CIFAR-10 may be in the server’s cache.
  await lab.button('Get CIFAR-100').click()
  await expect(failure).toContainText('404')
  expect(await failure.innerText()).toMatch(/drop|mirror|address/i)

  host.behave({ kind: 'status', status: 403 })
  await lab.button('Get CIFAR-100').click()
  await expect(failure).toContainText('403')

  host.behave({ kind: 'html' })
  await lab.button('Get CIFAR-100').click()
  await expect(failure).toContainText('cifar-100-binary.tar.gz')
  await page.reload()
  await expect(lab.button('Get CIFAR-100')).toBeVisible()
})

test('the CIFAR-10 archive is stored and verified in little memory, survives a reload, and trains (CIFAR10_DIR)', async ({
  page,
  browser,
}) => {
  test.skip(!CIFAR10_DIR, 'CIFAR10_DIR names no folder with the six files of CIFAR-10')
  await using host = await startArchiveHost()
  host.behave({ kind: 'archive', path: packArchive(CIFAR10_DIR ?? '', CIFAR_10.archive) })
  const lab = new LabPage(page)
  await lab.open({
    ...TINY,
    data: { set: 'cifar10', limitTrain: 1600, limitTest: 100, validation: null },
    budget: { unit: 'epoch', amount: 20 },
  })

  // The page draws previews when it opens; the baseline is the page at rest.
  await memoryAtRest(browser)
  const memory = await watchMemory(browser)
  const begun = Date.now()
  await lab.button('Get CIFAR-10').click()
  await expect(page.getByRole('button', { name: 'Remove CIFAR-10 from this browser' })).toBeVisible({
    timeout: LONG_WORK_MS,
  })
  const seconds = (Date.now() - begun) / 1000
  const used = await memory.stop()
  console.log(
    `CIFAR-10 stored in ${seconds.toFixed(1)} s` +
      (used
        ? `; renderer memory ${used.baseline.toFixed(0)} MB before, at most ${(used.peak - used.baseline).toFixed(0)} MB more`
        : ''),
  )
  if (used) expect(used.peak - used.baseline).toBeLessThan(150)

  await page.reload()
  await expect(page.getByRole('button', { name: 'Remove CIFAR-10 from this browser' })).toBeVisible()
  await page.getByRole('tab', { name: 'Data' }).click()
  await expect(page.getByText(/50,000/).first()).toBeVisible()

  // A single step: the page does not show each of those that follow.
  await lab.button('Step').click()
  await lab.trainedTo(1)
  await expect(lab.state()).toHaveText('Paused')
  const first = await trainingLoss(lab)
  expect(first).toBeGreaterThan(2)
  await lab.button('Resume').click()
  await expect.poll(() => trainingLoss(lab), { timeout: LONG_WORK_MS }).toBeLessThan(2)
  console.log(
    `training loss on CIFAR-10: ${first} at first, ${await trainingLoss(lab)} after ${await lab.steps()} steps`,
  )
})

/** Of the newest step, as the column shows it. */
async function trainingLoss(lab: LabPage): Promise<number> {
  const text = (await lab.column('A').innerText()).replaceAll(/\s+/g, ' ')
  return Number(/Training loss ([\d.]+)/.exec(text)?.[1] ?? Number.NaN)
}

/** A preset, so narrow and on so few images that an epoch is two short steps. */
function narrow(preset: string, epochs: number): RunConfig {
  const config = findPreset(preset)?.config
  if (!config) throw new Error(`no preset ${preset}`)
  return {
    ...config,
    data: { set: 'cifar100', limitTrain: 32, limitTest: 200, validation: null },
    network: withWidth(config.network, 2),
    schedule: { kind: 'constant' },
    budget: { unit: 'epoch', amount: epochs },
    batchSize: 16,
  }
}

test('the CIFAR-100 archive is stored from a file; its presets train on it, and go on after a reload (CIFAR100_DIR)', async ({
  page,
}) => {
  test.skip(!CIFAR100_DIR, 'CIFAR100_DIR names no folder with the two files of CIFAR-100')
  const archive = packArchive(CIFAR100_DIR ?? '', CIFAR_100.archive)
  const lab = new LabPage(page)
  await lab.open(narrow('zhenye-na', 2))
  const begun = Date.now()
  await lab.chooseFiles('Choose files…', archive)
  await expect(page.getByRole('button', { name: 'Remove CIFAR-100 from this browser' })).toBeVisible({
    timeout: LONG_WORK_MS,
  })
  console.log(`CIFAR-100 stored in ${((Date.now() - begun) / 1000).toFixed(1)} s`)

  await page.getByRole('tab', { name: 'Data' }).click()
  await expect(page.getByText(/of 50,000/).first()).toBeVisible()
  const browser = page.getByRole('tabpanel', { name: 'Data' })
  await browser.getByRole('button', { name: /Class$/ }).click()
  await page.getByRole('option', { name: 'orange', exact: true }).click()
  await expect(browser.getByText(/of 500 images$/)).toBeVisible()

  await test.step('an epoch, a reload, another epoch: the weights of two epochs in one go', async () => {
    await lab.button('Step').click()
    await lab.trainedTo(1)
    await lab.button('Step').click()
    await lab.trainedTo(2)
    await expect(lab.column('A')).toContainText(/Coarse-class accuracy\s*[\d.]+\s?%/)
    expect(await lab.score('A')).not.toBeNull()
    await page.reload()
    await expect(lab.state()).toHaveText('Paused')
    await lab.button('Resume').click()
    await lab.finished(4)
    const resumed = await weightsA(lab)
    await page.goto('about:blank')
    await lab.open({ ...narrow('zhenye-na', 2), budget: { unit: 'iteration', amount: 4 } })
    await lab.button('Train both').click()
    await lab.finished(4)
    expect(await weightsA(lab)).toEqual(resumed)
  })

  await page.goto('about:blank')
  await lab.open(narrow('mbsariyildiz-10-cifar100', 1))
  await lab.button('Train both').click()
  await lab.finished(2)
  await expect(lab.column('B')).toContainText(/Coarse-class accuracy\s*[\d.]+\s?%/)
})

async function weightsA(lab: LabPage): Promise<Buffer> {
  return valuesIn(await readFile(await lab.download('Export weights A')))
}
