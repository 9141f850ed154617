import { expect, test } from '@playwright/test'
import { OPEN_ENGINE } from './lab-page.ts'

for (const [engine, badge, kernel] of [
  ['webgpu', /^WebGPU · /, /^conv2d forward/],
  ['cpu', /^CPU · /, /conv/],
] as const) {
  test(`with ?dev in the address a step on ${engine} is profiled, kernel by kernel`, async ({ page }) => {
    await page.goto(`/?dev&engine=${engine}`)
    await expect(page.getByText(badge)).toBeVisible({ timeout: 60_000 })
    await page.getByRole('button', { name: 'Profile a step of A' }).click()
    const kernels = page.getByRole('region', { name: 'Kernels' }).getByRole('rowheader')
    await expect(kernels.filter({ hasText: kernel }).first()).toBeVisible({ timeout: 120_000 })
  })
}

test('without it the page says nothing of kernels', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByText(OPEN_ENGINE)).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('button', { name: /^Profile/ })).toHaveCount(0)
})
