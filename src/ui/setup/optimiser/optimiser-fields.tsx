import type { OptimiserConfig } from '../../../config/recipe-config.ts'
import { NumberField } from '../../foundation/controls/number-field.tsx'
import { SwitchField } from '../../foundation/controls/switch-field.tsx'
import styles from '../setup.module.css'

type Change = (optimiser: OptimiserConfig) => void

/** The settings that only some optimisers have. */
export function OptimiserFields(props: { readonly optimiser: OptimiserConfig; readonly change: Change }) {
  const { optimiser, change } = props
  switch (optimiser.kind) {
    case 'sgd':
      return (
        <>
          <KeptField
            label="Momentum"
            value={optimiser.momentum}
            onChange={(momentum) => change({ ...optimiser, momentum })}
          />
          <div className={styles.beside}>
            <SwitchField
              label={optimiser.momentum === 0 ? 'Nesterov (needs momentum)' : 'Nesterov'}
              value={optimiser.nesterov}
              onChange={(nesterov) => change({ ...optimiser, nesterov })}
              disabled={optimiser.momentum === 0}
            />
          </div>
        </>
      )
    case 'adam':
    case 'adamw':
      return (
        <>
          <KeptField
            label="β₁"
            value={optimiser.beta1}
            onChange={(beta1) => change({ ...optimiser, beta1 })}
          />
          <KeptField
            label="β₂"
            value={optimiser.beta2}
            onChange={(beta2) => change({ ...optimiser, beta2 })}
          />
          <EpsilonField value={optimiser.epsilon} onChange={(epsilon) => change({ ...optimiser, epsilon })} />
        </>
      )
    case 'rmsprop':
      return (
        <>
          <KeptField
            label="α"
            value={optimiser.alpha}
            onChange={(alpha) => change({ ...optimiser, alpha })}
          />
          <KeptField
            label="Momentum"
            value={optimiser.momentum}
            onChange={(momentum) => change({ ...optimiser, momentum })}
          />
          <EpsilonField value={optimiser.epsilon} onChange={(epsilon) => change({ ...optimiser, epsilon })} />
        </>
      )
    case 'adagrad':
      return (
        <EpsilonField value={optimiser.epsilon} onChange={(epsilon) => change({ ...optimiser, epsilon })} />
      )
    default:
      return optimiser satisfies never
  }
}

type FieldProps = { readonly value: number; readonly onChange: (value: number) => void }

/** The share of the past that a running average keeps. */
function KeptField(props: FieldProps & { readonly label: string }) {
  return <NumberField {...props} min={0} max={0.9999} whole={false} step={0.1} />
}

function EpsilonField(props: FieldProps) {
  return <NumberField {...props} label="ε" min={1e-20} max={1} whole={false} step={1e-8} />
}
