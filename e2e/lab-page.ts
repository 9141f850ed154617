// The page as a person sees it: found by its roles and names.
import { readFile } from 'node:fs/promises'
import { expect, type Locator, type Page } from '@playwright/test'
import type { EngineName } from '../src/contract/device-info.ts'
import type { RunConfig } from '../src/config/run-config.ts'
import { SMALL_CONFIG } from '../src/testing/runs/small-config.ts'
import { heNetwork } from '../src/presets/he.ts'

/** The badge once an engine is open, whichever it is. */
export const OPEN_ENGINE = /^(WebGPU|CPU|TensorFlow\.js on \w+) · /

/** For what takes minutes on a slow machine: a whole archive, a deep network. */
export const LONG_WORK_MS = 20 * 60_000

export class LabPage {
  readonly page: Page
  readonly #base: string

  /** @param base where the app is served, for a page whose browser does not know it */
  constructor(page: Page, base = '') {
    this.page = page
    this.#base = base
  }

  /**
   * Opens the page, with a set-up in its link or without, and waits until it has opened its engine.
   * @param engine the one of the journey; the machine's own choice where left out
   */
  async open(setup: RunConfig | null = null, engine: EngineName | null = null): Promise<void> {
    await this.page.goto(`${this.#base}/${engine ? `?engine=${engine}` : ''}${setup ? linkTo(setup) : ''}`)
    await expect(this.page.getByText(OPEN_ENGINE)).toBeVisible()
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  /** Fills fields of the set-up zone by their labels. */
  async type(values: Readonly<Record<string, number>>): Promise<void> {
    for (const [label, value] of Object.entries(values)) {
      await this.page.getByRole('textbox', { name: label, exact: true }).fill(String(value))
    }
  }

  /** "Training", "Paused" …: the announced state. */
  state(): Locator {
    return this.page.getByRole('status').first()
  }

  column(side: 'A' | 'B'): Locator {
    return this.page.getByRole('region', { name: side === 'A' ? 'A with identity' : 'B without identity' })
  }

  /** The newest test accuracy in %, as the column shows it; null before the first evaluation. */
  async score(side: 'A' | 'B'): Promise<number | null> {
    const text = (await this.column(side).innerText()).replaceAll(/\s+/g, ' ')
    const found = /([\d.]+) ?% test accuracy/.exec(text)
    return found ? Number(found[1]) : null
  }

  /** Steps finished, as the status line says. */
  async steps(): Promise<number> {
    const lines = await this.page.getByText(/^step [\d,]+ of [\d,]+$/).allInnerTexts()
    const text = lines[0] ?? ''
    return Number(/step ([\d,]+)/.exec(text)?.[1]?.replaceAll(',', '') ?? 0)
  }

  /** Waits until so many steps are finished, or more. */
  async trainedTo(steps: number): Promise<void> {
    await expect.poll(() => this.steps(), { intervals: [100] }).toBeGreaterThanOrEqual(steps)
  }

  /** Waits until a session has come to the end of its budget: of so many steps, unlike any before it on this page. */
  async finished(steps: number): Promise<void> {
    const text = steps.toLocaleString('en')
    await expect(this.page.getByText(`step ${text} of ${text}`).first()).toBeVisible()
    await expect(this.state()).toHaveText('Finished')
  }

  /** Pauses at whatever step, and gives it. */
  async pause(): Promise<number> {
    await this.button('Pause').click()
    await expect(this.state()).toHaveText('Paused')
    return this.steps()
  }

  /** Presses a button that ends in a file being saved. */
  async download(name: string): Promise<string> {
    const [saved] = await Promise.all([this.page.waitForEvent('download'), this.button(name).click()])
    return saved.path()
  }

  /** The SVG or PNG of a chart or a matrix, from its menu. */
  async picture(subject: string, kind: 'SVG' | 'PNG'): Promise<Buffer> {
    await this.button(`Save ${subject} as an image`).click()
    const [saved] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.getByRole('menuitem', { name: kind }).click(),
    ])
    return readFile(await saved.path())
  }

  async chooseFiles(button: string, files: Parameters<Locator['setInputFiles']>[0]): Promise<void> {
    const [chooser] = await Promise.all([this.page.waitForEvent('filechooser'), this.button(button).click()])
    await chooser.setFiles(files)
  }
}

/** The fragment of an address that carries a set-up. */
export function linkTo(setup: RunConfig): string {
  return `#config=${Buffer.from(JSON.stringify(setup)).toString('base64url')}`
}

/** The smallest network of the family, on so few images that an epoch is two steps. */
export const TINY: RunConfig = {
  ...SMALL_CONFIG,
  data: { set: 'builtin', limitTrain: 32, limitTest: 40, validation: null },
  network: heNetwork({ n: 1, width: 4 }),
  budget: { unit: 'epoch', amount: 1 },
  batchSize: 16,
  augmentation: { rotation: 0, cropPadding: 0, cropReachesEnd: true, flip: false },
}

/** Of one block: for what runs on WebGPU in software, which compiles every kernel of a network for seconds. */
export const SMALLEST: RunConfig = {
  ...TINY,
  network: { ...TINY.network, stages: [{ blocks: 1, channels: 4 }] },
}

/** Does not end by itself, on any machine: a journey stops it. */
export function endless(setup: RunConfig): RunConfig {
  return { ...setup, budget: { unit: 'epoch', amount: 1_000_000 } }
}

/** Epochs of 312 steps without end. */
export const ENDLESS = endless({ ...TINY, data: { ...TINY.data, limitTrain: null } })
