import { useActions, useLab } from '../foundation/lab-context.tsx'
import { ActionButton } from '../foundation/controls/action-button.tsx'
import { Notice } from '../foundation/controls/notice.tsx'

/** That what is in training is not stored, why, and what becomes of it. Nothing where it is stored. */
export function PersistenceNotice() {
  const failure = useLab((state) => state.stored.keeping)
  const { keep } = useActions()
  if (!failure) return null
  return (
    <Notice tone="bad">
      <p>
        {failure.message} What was trained since is in memory only, and goes on from there; with the next
        checkpoint that finds room all of it is stored. Take it home before you train anew, reload or close
        the page.
      </p>
      <ActionButton onPress={() => void keep()}>Store again</ActionButton>
    </Notice>
  )
}
