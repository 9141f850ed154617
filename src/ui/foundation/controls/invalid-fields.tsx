// Which fields hold what cannot be read, so that no command goes on with the values from before.
import { createContext, type ReactNode, useCallback, useContext, useEffect, useId, useState } from 'react'

type Report = (field: string, label: string | null) => void

const ReportContext = createContext<Report>(() => undefined)

/** @param onChange told the labels of those fields within, whenever they are others; the same function each time */
export function FieldScope({
  onChange,
  children,
}: {
  readonly onChange: (labels: readonly string[]) => void
  readonly children: ReactNode
}) {
  const [invalid, setInvalid] = useState<ReadonlyMap<string, string>>(new Map())
  const report = useCallback<Report>((field, label) => {
    setInvalid((before) => {
      const others = [...before].filter(([id]) => id !== field)
      return new Map(label === null ? others : [...others, [field, label]])
    })
  }, [])
  useEffect(() => onChange([...invalid.values()]), [invalid, onChange])
  return <ReportContext value={report}>{children}</ReportContext>
}

/** Tells the scope above, as long as the field is there and invalid. */
export function useInvalidField(label: string, isInvalid: boolean): void {
  const report = useContext(ReportContext)
  const field = useId()
  useEffect(() => {
    if (!isInvalid) return
    report(field, label)
    return () => report(field, null)
  }, [report, field, label, isInvalid])
}

export function invalidFieldsSentence(labels: readonly string[]): string {
  const named = labels.map((label) => `“${label}”`).join(', ')
  return `Correct ${named} in the set-up, or press Escape there to keep the value from before.`
}
