import { useMemo } from 'react'
import type { LogEntry } from '../../../client/session/session-slice.ts'
import { useLab } from '../../foundation/lab-context.tsx'
import { SIDE_NAMES } from '../../foundation/side-names.ts'
import type { InspectTab } from '../inspect-tab.ts'
import { lazyPart } from '../../foundation/lazy-part.tsx'
import type { LabelledLogLine } from './log-text.ts'

const LogPanel = lazyPart(async () => (await import('./log-panel.tsx')).LogPanel)

export const logTab: InspectTab = {
  id: 'log',
  title: 'Log',
  applies: () => true,
  Panel: function Log() {
    const log = useLab((state) => state.log)
    return <LogPanel log={useMemo(() => log.map(labelled), [log])} />
  },
}

function labelled({ at, level, side, text }: LogEntry): LabelledLogLine {
  return { at, level, run: side && SIDE_NAMES[side].letter, text }
}
