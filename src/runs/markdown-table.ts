/** A Markdown table (GitHub's), its first column to the left and the others to the right. */
export function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = headings.map((_, column) => (column === 0 ? ':--' : '--:'))
  return [headings, rule, ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |\n`).join('')
}

/** A bar would end the cell, and a line break the table. */
const escaped = (cell: string) => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')
