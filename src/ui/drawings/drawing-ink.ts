// The colours of what is drawn as SVG: of the page's theme while it is looked at, fixed ones in a file.
import type { LineStyle } from '../charts/chart-types.ts'

/** CSS colours. */
export type DrawingInk = {
  readonly page: string
  readonly text: string
  readonly soft: string
  readonly rule: string
  readonly axis: string
  readonly lines: Readonly<Record<LineStyle['colour'], string>>
}

/** The theme's tokens, which follow the page from light to dark. */
export const THEME_INK: DrawingInk = inkOf((token) => `var(${token})`)

/** @param colour of a design token, such as "--page" */
export function inkOf(colour: (token: string) => string): DrawingInk {
  return {
    page: colour('--page'),
    text: colour('--ink'),
    soft: colour('--ink-soft'),
    rule: colour('--rule'),
    axis: colour('--rule-strong'),
    lines: {
      a: colour('--run-a'),
      b: colour('--run-b'),
      c: colour('--run-c'),
      d: colour('--run-d'),
      e: colour('--run-e'),
      f: colour('--run-f'),
      g: colour('--run-g'),
      h: colour('--run-h'),
    },
  }
}

/** The light theme's colours as they are, whatever the page shows: a file is read on paper or in another page. */
export function paperInk(): DrawingInk {
  const probe = document.createElement('i')
  // The tokens are declared where a theme is: an older Chrome's stand-in for light-dark() takes no other scheme below.
  probe.dataset['theme'] = 'light'
  document.body.append(probe)
  try {
    return inkOf((token) => {
      probe.style.color = `var(${token})`
      return getComputedStyle(probe).color
    })
  } finally {
    probe.remove()
  }
}
