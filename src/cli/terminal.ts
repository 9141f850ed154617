/** Two decimals, as everywhere in the lab. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}

/** Gives Node's event loop a turn. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
