import type { Device } from '../../client/lab-record.ts'
import styles from './page-header.module.css'

const BACKENDS = { webgpu: 'WebGPU', wasm: 'CPU', webgl: 'WebGL', cpu: 'CPU' } as const

/** What the arithmetic runs on. */
export function DeviceBadge({ device }: { readonly device: Device }) {
  return (
    <p className={styles.device} data-tone={toneOf(device)}>
      <span className={styles.lamp} aria-hidden="true" />
      <span className={styles.deviceText}>{words(device)}</span>
    </p>
  )
}

function words(device: Device): string {
  switch (device.state) {
    case 'starting':
      return 'Looking for a GPU…'
    case 'failed':
      return 'No device to train on'
    case 'ready': {
      const { engine, backend, adapter, software } = device.info
      const library = engine === 'tfjs' ? 'TensorFlow.js on ' : ''
      return `${library}${BACKENDS[backend]} · ${adapter}${software && backend !== 'cpu' ? ' · software' : ''}`
    }
    default:
      return device satisfies never
  }
}

function toneOf(device: Device): 'good' | 'warn' | 'bad' | 'plain' {
  if (device.state === 'starting') return 'plain'
  if (device.state === 'failed') return 'bad'
  return device.info.software || device.info.backend !== 'webgpu' ? 'warn' : 'good'
}
