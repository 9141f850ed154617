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
        {failure.message} Progress since then is only in memory until a checkpoint can be stored. Export it
        before you reload, close the page or start another session.
      </p>
      <ActionButton onPress={() => void keep()}>Try again</ActionButton>
    </Notice>
  )
}
