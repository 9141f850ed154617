import { memo } from 'react'
import { defaultSetup } from '../../client/setup/default-setup.ts'
import { useActions, useLab } from '../foundation/lab-context.tsx'
import { FieldScope } from '../foundation/controls/invalid-fields.tsx'
import { ArchitecturePanel } from './architecture/architecture-panel.tsx'
import { AugmentationPanel } from './images/augmentation-panel.tsx'
import { DataPanel } from './data/data-panel.tsx'
import { OptimiserPanel } from './optimiser-panel.tsx'
import { PresetPanel } from './preset/preset-panel.tsx'
import { RunLengthPanel } from './run-length-panel.tsx'
import { SchedulePanel } from './schedule/schedule-panel.tsx'

/** Everything that "Train both" would train, and what each choice means. */
export const SetupZone = memo(function SetupZone() {
  const setup = useLab((state) => state.setup)
  const device = useLab((state) => state.device)
  const dataSets = useLab((state) => state.dataSets)
  const results = useLab((state) => state.results)
  const importing = useLab((state) => state.busy.has('import-data'))
  const failure = useLab((state) => state.failures.data)
  const whiteningShare = useLab((state) => state.whiteningShare)
  const isPreparing = useLab((state) => state.session?.state === 'preparing')
  const actions = useActions()
  const { edit } = actions
  const info = device.state === 'ready' ? device.info : null
  return (
    <FieldScope onChange={actions.reportInvalidFields}>
      <PresetPanel
        setup={setup}
        quickStart={defaultSetup(info)}
        dataSets={dataSets}
        results={results}
        onQuickStart={actions.reset}
        onPreset={actions.applyPreset}
      />
      <DataPanel
        {...{ setup, edit, dataSets, importing, failure, actions }}
        onDismissFailure={() => actions.dismissFailure('data')}
      />
      <ArchitecturePanel {...{ setup, edit }} />
      <OptimiserPanel {...{ setup, edit }} />
      <SchedulePanel {...{ setup, edit }} />
      <AugmentationPanel
        {...{ setup, edit }}
        preview={actions.previewAugmentation}
        whitening={{
          share: whiteningShare,
          isPreparing,
          compute: actions.computeWhitening,
          cancel: actions.cancelWhitening,
        }}
        stored={dataSets[setup.data.set].state === 'ready'}
      />
      <RunLengthPanel {...{ setup, edit }} device={info} />
    </FieldScope>
  )
})
