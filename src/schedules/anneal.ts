/** Half a cosine wave from one value to another. @param done 0 … 1 */
export function anneal(from: number, to: number, done: number): number {
  return to + ((from - to) / 2) * (1 + Math.cos(Math.PI * done))
}
