import { FileTrigger } from 'react-aria-components'
import { useActions, useLab } from '../foundation/lab-context.tsx'
import { ActionButton } from '../foundation/controls/action-button.tsx'

/** Takes the runs of an archive that was saved here or elsewhere. */
export function ImportRuns() {
  const { importRuns } = useActions()
  const opening = useLab((state) => state.busy.has('open-runs'))
  return (
    <FileTrigger acceptedFileTypes={['.zip']} onSelect={(files) => files?.[0] && void importRuns(files[0])}>
      <ActionButton disabled={opening}>Import runs…</ActionButton>
    </FileTrigger>
  )
}
