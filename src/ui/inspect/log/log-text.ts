export type LabelledLogLine = {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly level: 'info' | 'warning' | 'error'
  /** The run's short label, "A"; null where the line concerns no single run. */
  readonly run: string | null
  readonly text: string
}

const LEVELS: Readonly<Record<LabelledLogLine['level'], string>> = {
  info: '',
  warning: 'warning: ',
  error: 'error: ',
}

/** "14:03:09 A epoch 3 …": the local time of day, whose line it is, and what it says. */
export function lineText({ at, level, run, text }: LabelledLogLine): string {
  return `${clock(new Date(at))} ${run === null ? '' : `${run} `}${LEVELS[level]}${text}`
}

/** All lines for the clipboard, each with its date. */
export const logText = (log: readonly LabelledLogLine[]) =>
  log.map((line) => `${day(new Date(line.at))} ${lineText(line)}\n`).join('')

const two = (value: number) => String(value).padStart(2, '0')
const clock = (date: Date) => [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
const day = (date: Date) => [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
