import { expect, test } from '@playwright/test'

test('with ?engine=tfjs the page trains on TensorFlow.js’s WebGPU backend', async ({ page }) => {
  await page.goto('/?engine=tfjs')
  await expect(page.getByText(/^TensorFlow\.js on WebGPU · /)).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Train A only' }).click()
  await expect(page.getByText(/step [1-9]\d* of/).first()).toBeVisible({ timeout: 120_000 })
})

test('an engine that does not exist is answered with those that do', async ({ page }) => {
  await page.goto('/?engine=torch')
  await expect(page.getByText(/There is no engine called "torch"; take webgpu or tfjs/).first()).toBeVisible()
})
