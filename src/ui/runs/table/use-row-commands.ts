import { useCallback } from 'react'
import { toFragment } from '../../../client/setup/share-link.ts'
import { useActions, useLab } from '../../foundation/lab-context.tsx'
import { useZones } from '../../foundation/zones.ts'
import { type RowActions, type RowCommand, rowCommands } from './row-commands.ts'
import type { RunRow } from './run-rows.ts'

/** What a row's menu offers; `page` is what the table itself does. */
export function useRowCommands(
  page: Pick<RowActions, 'details' | 'rename' | 'pin' | 'save' | 'remove'> & {
    readonly say: (text: string) => void
  },
  baseline: string | null,
): (row: RunRow) => RowCommand[] {
  const session = useLab((state) => state.session)
  const { showSession, resume, resumeSession, edit } = useActions()
  const { show } = useZones()

  return useCallback(
    (row) => {
      const { entry, state } = row
      const copyLink = async () => {
        const link = new URL(toFragment(entry.config), location.href).href
        try {
          await navigator.clipboard.writeText(link)
          page.say('Link copied.')
        } catch {
          page.say('The browser blocked copying.')
        }
      }
      const actions: RowActions = {
        ...page,
        open() {
          if (!state.isHere) void showSession(entry.session)
          show('run')
        },
        resume() {
          void (state.isHere ? resume() : resumeSession(entry.session))
          show('run')
        },
        duplicate() {
          edit(() => entry.config)
          show('setup')
        },
        copyLink: () => void copyLink(),
      }
      return rowCommands(row, actions, { session, baseline })
    },
    [page, baseline, session, showSession, resume, resumeSession, edit, show],
  )
}
