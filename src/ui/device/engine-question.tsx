import { ConfirmDialog } from '../foundation/controls/confirm-dialog.tsx'
import { useActions, useLab } from '../foundation/lab-context.tsx'

/** Before a run goes on with another engine than before. */
export function EngineQuestion() {
  const question = useLab((state) => state.engineQuestion)
  const { answerEngineQuestion } = useActions()
  if (!question) return null
  return (
    <ConfirmDialog title="Continue with another engine?" confirm="Continue" onAnswer={answerEngineQuestion}>
      <p>{question.text}</p>
      <p>The run’s log and details record the change.</p>
    </ConfirmDialog>
  )
}
