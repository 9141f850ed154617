import { markdownTable } from '../../runs/markdown-table.ts'
import { cellText } from '../../runs/results-table.ts'
import { defineFormat } from './format.ts'

/** GitHub's tables, under the caption. */
export const markdown = defineFormat({
  id: 'markdown',
  label: 'Markdown',
  note: 'for a README or an issue',
  subject: 'results',
  extension: 'md',
  mediaType: 'text/markdown',
  write: ({ caption, columns, rows }) =>
    `${caption}\n\n${markdownTable(
      columns,
      rows.map((row) => row.map(cellText)),
    )}`,
})
