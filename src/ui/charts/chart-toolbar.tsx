import { memo } from 'react'
import {
  Group,
  Label,
  Slider,
  SliderOutput,
  SliderThumb,
  SliderTrack,
  ToggleButton,
} from 'react-aria-components'
import { ActionButton } from '../foundation/controls/action-button.tsx'
import { Segmented } from './segmented.tsx'
import styles from './chart-toolbar.module.css'

export type XAxisUnit = 'step' | 'epoch'

/** Heavier smoothing than this hides what happened; TensorBoard's slider ends there too. */
const MOST_SMOOTHING = 0.99

const X_UNITS = [
  { id: 'step', text: 'Steps' },
  { id: 'epoch', text: 'Epochs' },
] as const

export type ChartToolbarProps = {
  readonly smoothing: number
  readonly onSmoothing: (weight: number) => void
  readonly unit: XAxisUnit
  readonly onUnit: (unit: XAxisUnit) => void
  readonly log: boolean
  readonly onLog: (log: boolean) => void
  readonly zoomed: boolean
  readonly onZoom: (factor: number) => void
  readonly onReset: () => void
}

export function ChartToolbar(props: ChartToolbarProps) {
  return (
    <Group className={styles.toolbar ?? ''} aria-label="Chart options">
      <DrawingChoices {...props} />
      <Group className={styles.zoom ?? ''} aria-label="Zoom">
        <ActionButton label="Zoom in" onPress={() => props.onZoom(0.5)}>
          +
        </ActionButton>
        <ActionButton label="Zoom out" disabled={!props.zoomed} onPress={() => props.onZoom(2)}>
          −
        </ActionButton>
        <ActionButton disabled={!props.zoomed} onPress={props.onReset}>
          Show all
        </ActionButton>
      </Group>
    </Group>
  )
}

type DrawingChoicesProps = Omit<ChartToolbarProps, 'zoomed' | 'onZoom' | 'onReset'>

/** Apart and compared field by field: a data update changes none of these, and drawing them again is not cheap. */
const DrawingChoices = memo(
  function DrawingChoices({ smoothing, onSmoothing, unit, onUnit, log, onLog }: DrawingChoicesProps) {
    return (
      <>
        <Slider
          className={styles.slider ?? ''}
          value={smoothing}
          onChange={onSmoothing}
          minValue={0}
          maxValue={MOST_SMOOTHING}
          step={0.01}
          formatOptions={{ minimumFractionDigits: 2 }}
        >
          <Label>Smoothing</Label>
          <SliderTrack className={styles.track ?? ''}>
            <SliderThumb className={styles.thumb ?? ''} />
          </SliderTrack>
          <SliderOutput className={styles.output ?? ''} />
        </Slider>
        <Segmented label="Horizontal axis" options={X_UNITS} value={unit} onChange={onUnit} />
        <ToggleButton className={styles.toggle ?? ''} isSelected={log} onChange={onLog}>
          Log scale
        </ToggleButton>
      </>
    )
  },
  (a, b) => a.smoothing === b.smoothing && a.unit === b.unit && a.log === b.log,
)
