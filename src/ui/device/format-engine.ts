// The engine in words: on the badge, in its menu, and why it is the one in use.
import type { Device } from '../../client/device/device-slice.ts'
import type { EnginePreference } from '../../client/device/engine-preference.ts'
import { type DeviceInfo, ENGINE_TITLES, type EngineName } from '../../contract/device-info.ts'
import type { EngineChoice } from '../../contract/engine-setting.ts'

export const ENGINE_OPTIONS: readonly {
  readonly id: EngineChoice
  readonly text: string
  readonly note: string
}[] = [
  { id: 'auto', text: 'Automatic', note: 'WebGPU on a graphics card, otherwise the CPU.' },
  { id: 'webgpu', text: 'WebGPU', note: 'The graphics card. A software adapter works too, but is slow.' },
  { id: 'cpu', text: 'CPU', note: 'WebAssembly SIMD on this machine’s cores.' },
  { id: 'tfjs', text: 'TensorFlow.js', note: 'An independent implementation, for comparison. Slower.' },
]

const BACKENDS = { webgpu: 'WebGPU', wasm: 'WebAssembly', webgl: 'WebGL', cpu: 'CPU' } as const

export function badgeText(device: Device): string {
  switch (device.state) {
    case 'starting':
      return 'Starting the engine'
    case 'failed':
      return 'No device to train on'
    case 'ready':
      return deviceText(device.info)
    default:
      return device satisfies never
  }
}

function deviceText({ engine, backend, adapter, software, threads }: DeviceInfo): string {
  if (engine === 'cpu') return `CPU · ${threads === undefined ? adapter : formatThreads(threads)}`
  const library = engine === 'tfjs' ? 'TensorFlow.js on ' : ''
  return `${library}${BACKENDS[backend]} · ${adapter}${software && backend !== 'cpu' ? ' · software' : ''}`
}

export const formatThreads = (threads: number) => (threads === 1 ? '1 thread' : `${threads} threads`)

export function badgeTone(device: Device): 'good' | 'warn' | 'bad' | 'plain' {
  if (device.state === 'starting') return 'plain'
  if (device.state === 'failed') return 'bad'
  const { engine, software } = device.info
  return engine === 'cpu' || (engine === 'webgpu' && !software) ? 'good' : 'warn'
}

/** Why this engine is in use, in a sentence or more; null while none is. */
export function engineReason(device: Device, from: EnginePreference['from']): string | null {
  if (device.state === 'starting') return null
  if (device.state === 'failed') return device.failure.message
  const { engine, adapter, software, fallbackReasons } = device.info
  const chosen = device.setting.engine !== 'auto'
  if (!chosen) return fallbackReasons.join(' ') || 'This machine has a graphics card.'
  const by = from === 'address' ? 'Set in the address of this page.' : 'Chosen in this browser.'
  const slow =
    engine === 'webgpu' && software
      ? [`${adapter} is a software adapter, which is slower than the CPU engine.`]
      : []
  return [by, ...slow, ...fallbackReasons].join(' ')
}

/** What is said while another engine is chosen than the one in use. */
export function pendingText(inUse: EngineName | null, isTraining: boolean): string {
  if (!isTraining) return 'Opening the engine.'
  const now = inUse === null ? 'its engine' : ENGINE_TITLES[inUse]
  return `Takes effect in the next session; the current one stays on ${now}.`
}

const NOT_ISOLATED =
  'This page is not cross-origin isolated, so the CPU engine uses one thread. Serve it with COOP and COEP headers ' +
  '(npm start does) to use all cores.'

/** Why the threads cannot be chosen now; null where they can. */
export function threadsObstacle(device: Device, choice: EngineChoice, isIsolated: boolean): string | null {
  const isOther = device.state === 'ready' && device.info.engine !== 'cpu' && choice !== 'cpu'
  if (isOther || choice === 'webgpu' || choice === 'tfjs') return 'Only the CPU engine uses threads.'
  return isIsolated ? null : NOT_ISOLATED
}
