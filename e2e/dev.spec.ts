import { expect, test } from '@playwright/test'

test('with ?dev in the address a step is profiled, kernel by kernel', async ({ page }) => {
  await page.goto('/?dev')
  await expect(page.getByText(/^WebGPU · /)).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Profile a step of A' }).click()
  const kernels = page.getByRole('region', { name: 'Kernels' }).getByRole('rowheader')
  await expect(kernels.filter({ hasText: /^conv2d forward/ }).first()).toBeVisible({ timeout: 120_000 })
})

test('without it the page says nothing of kernels', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByText(/^WebGPU · /)).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('button', { name: /^Profile/ })).toHaveCount(0)
})
