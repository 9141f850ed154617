// Sizes, speeds and times in words, beside the values of src/ui/charts/curve-values.ts.

const THIN_SPACE = '\u202f'
const NONE = '–'

/** 170_052_171 → "170.1 MB": decimal megabytes, as download pages and disks count them. */
export function bytes(value: number): string {
  return scaled(value, ['B', 'kB', 'MB', 'GB', 'TB'])
}

/** 5_300_000 → "5.3 MB/s" */
export const bytesPerSecond = (value: number) => `${bytes(value)}/s`

/** 81_600_000 → "81.6 MFLOP" */
export function flops(value: number): string {
  return scaled(value, ['FLOP', 'kFLOP', 'MFLOP', 'GFLOP', 'TFLOP'])
}

/** 3725.4 → "1:02:05"; null, where it is not known yet → "–" */
export function duration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return NONE
  const whole = Math.max(0, Math.round(seconds))
  const two = (value: number) => String(value).padStart(2, '0')
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`
}

/** Images a second: 8.25 → "8.3", 1234.5 → "1,235" */
export function imageRate(value: number | null): string {
  if (value === null) return NONE
  return value.toLocaleString('en-GB', { maximumFractionDigits: value < 100 ? 1 : 0 })
}

/** One decimal from the second unit on. */
function scaled(value: number, units: readonly string[]): string {
  let amount = value
  let unit = 0
  // What would be written as 1000.0 belongs to the next unit.
  while (unit < units.length - 1 && amount >= 999.95) {
    amount /= 1000
    unit++
  }
  return `${unit === 0 ? Math.round(amount) : amount.toFixed(1)}${THIN_SPACE}${units[unit]}`
}
