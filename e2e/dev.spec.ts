import { LabPage, linkTo, SMALLEST } from './lab-page.ts'
import { expect, test } from './test.ts'

for (const [engine, badge, kernel] of [
  ['webgpu', /^WebGPU · /, /^conv2d forward/],
  ['cpu', /^CPU · /, /conv/],
] as const) {
  test(`with ?dev in the address a step on ${engine} is profiled, kernel by kernel`, async ({ page }) => {
    await page.goto(`/?dev&engine=${engine}${linkTo(SMALLEST)}`)
    await expect(page.getByText(badge)).toBeVisible()
    await new LabPage(page).button('Profile a step of A').click()
    const kernels = page.getByRole('region', { name: 'Kernels' }).getByRole('rowheader')
    await expect(kernels.filter({ hasText: kernel }).first()).toBeVisible()
  })
}
