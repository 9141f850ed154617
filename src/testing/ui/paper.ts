import type { DrawingInk } from '../../ui/drawings/drawing-ink.ts'

/** What a browser gives for the light theme, in part. */
export const PAPER: DrawingInk = {
  page: 'rgb(255, 255, 255)',
  text: 'rgb(23, 27, 33)',
  soft: 'rgb(75, 84, 96)',
  rule: 'rgb(217, 221, 227)',
  axis: 'rgb(118, 127, 139)',
  lines: {
    a: 'rgb(27, 95, 204)',
    b: 'rgb(180, 80, 10)',
    c: 'rgb(3, 3, 3)',
    d: 'rgb(4, 4, 4)',
    e: 'rgb(5, 5, 5)',
    f: 'rgb(6, 6, 6)',
    g: 'rgb(7, 7, 7)',
    h: 'rgb(8, 8, 8)',
  },
}

/** Texts of an SVG in their order, each `text` element's parts joined. */
export function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/gs)].map(([, inside = '']) =>
    inside.replaceAll(/<[^>]*>/g, '').trim(),
  )
}
