import type { ResultsCell } from '../../runs/results-table.ts'
import { defineFormat } from './format.ts'

/** A floating table of LaTeX with the booktabs package: text to the left, numbers to the right. */
export const latex = defineFormat({
  id: 'latex',
  label: 'LaTeX',
  note: 'for a paper, with booktabs',
  subject: 'results',
  extension: 'tex',
  mediaType: 'application/x-tex',
  write: ({ caption, columns, rows }) =>
    [
      '% \\usepackage{booktabs}',
      '\\begin{table}',
      '  \\centering',
      `  \\caption{${escaped(caption)}}`,
      `  \\begin{tabular}{${columns.map((_, i) => (rows.some((row) => typeof row[i] !== 'string') ? 'r' : 'l')).join('')}}`,
      '    \\toprule',
      line(columns.map(escaped)),
      '    \\midrule',
      ...rows.map((row) => line(row.map(cellLatex))),
      '    \\bottomrule',
      '  \\end{tabular}',
      '\\end{table}',
      '',
    ].join('\n'),
})

const line = (cells: readonly string[]) => `    ${cells.join(' & ')} \\\\`

function cellLatex(cell: ResultsCell): string {
  if (typeof cell === 'string') return escaped(cell)
  const { mean, sd, digits } = cell
  return sd === null ? `$${mean.toFixed(digits)}$` : `$${mean.toFixed(digits)} \\pm ${sd.toFixed(digits)}$`
}

const COMMANDS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '×': '$\\times$',
  '±': '$\\pm$',
  '–': '--',
  '·': '$\\cdot$',
  '\u202F': '\\,',
  '−': '$-$',
  '→': '$\\to$',
  '<': '$<$',
  '>': '$>$',
  '|': '$|$',
  '²': '$^2$',
  '₁': '$_1$',
  '₂': '$_2$',
  α: '$\\alpha$',
  β: '$\\beta$',
  γ: '$\\gamma$',
  ε: '$\\varepsilon$',
  λ: '$\\lambda$',
}

/** Text as LaTeX sets it: its special characters as themselves. */
function escaped(text: string): string {
  return text.replaceAll(
    /[\\~^×±–·\u202F−→<>|²₁₂αβγελ&%$#_{}]/g,
    (character) => COMMANDS[character] ?? `\\${character}`,
  )
}
