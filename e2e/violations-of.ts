import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** What axe finds, each with the first element that has it. */
export async function violationsOf(page: Page): Promise<string[]> {
  // Otherwise it opens a page for its report each time; the lab has no frames of other origins, which is what that is for.
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .setLegacyMode()
    .analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}
