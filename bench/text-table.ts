/** Columns as wide as their widest cell, the first flush left, the others flush right. A short row ends in a remark. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const isRemark = (row: readonly string[], column: number) => row.length < columns && column > 0
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...rows.map((row) => (isRemark(row, column) ? 0 : (row[column]?.length ?? 0)))),
  )
  const aligned = (row: readonly string[]) =>
    row.map((cell, column) => {
      if (isRemark(row, column)) return cell
      const width = widths[column] ?? 0
      return column === 0 ? cell.padEnd(width) : cell.padStart(width)
    })
  return rows.map((row) => aligned(row).join('  ').trimEnd()).join('\n')
}

/** Three significant digits, but all of a whole number and at most three decimals. */
export function formatNumber(value: number): string {
  const rounded = Number(value.toPrecision(3))
  if (rounded === 0) return '0'
  const decimals = 2 - Math.floor(Math.log10(Math.abs(rounded)))
  return decimals <= 0 ? Math.round(value).toLocaleString('en') : rounded.toFixed(Math.min(decimals, 3))
}
