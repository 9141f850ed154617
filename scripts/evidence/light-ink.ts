import { type DrawingInk, inkOf } from '../../src/ui/drawings/drawing-ink.ts'

/** The light theme's colours, without a browser. @param theme src/ui/theme/theme.css */
export function lightInk(theme: string): DrawingInk {
  return inkOf((token) => {
    const [, colour] = new RegExp(`${token}: light-dark\\((#[0-9a-f]{6}), #[0-9a-f]{6}\\);`).exec(theme) ?? []
    if (colour === undefined) throw new Error(`the theme has no ${token}`)
    return colour
  })
}
