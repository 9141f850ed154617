/**
 * `share` of one colour and the rest of another, in sRGB. Of two `rgb(…)` it is computed, because few programs that
 * open a saved picture know `color-mix`; of the theme's variables the browser does it.
 * @param share 0 … 1
 */
export function mixed(colour: string, ground: string, share: number): string {
  const [over, under] = [channelsOf(colour), channelsOf(ground)]
  if (!over || !under) return `color-mix(in srgb, ${colour} ${(share * 100).toFixed(1)}%, ${ground})`
  return `rgb(${over.map((value, i) => Math.round(value * share + (under[i] ?? 0) * (1 - share))).join(', ')})`
}

/** Of "rgb(27, 95, 204)"; null for any other text. */
function channelsOf(colour: string): readonly number[] | null {
  const match = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour)
  return match ? match.slice(1).map(Number) : null
}
