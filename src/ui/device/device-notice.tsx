import type { Device } from '../../client/device/device-slice.ts'
import type { DeviceInfo } from '../../contract/device-info.ts'
import { FailureNotice, Notice } from '../foundation/controls/notice.tsx'

/** What a person must know of the device before waiting for it. Nothing where it is a GPU, or the CPU by choice. */
export function DeviceNotice({ device }: { readonly device: Device }) {
  if (device.state === 'failed') return <FailureNotice failure={device.failure} />
  if (device.state === 'starting') return null
  const { fallbackReasons } = device.info
  const notice = deviceNotice(device.info)
  if (!notice) return null
  return (
    <Notice tone={notice.tone}>
      <p>{notice.text}</p>
      {fallbackReasons.length > 0 && (
        <details>
          <summary>Why not WebGPU</summary>
          {fallbackReasons.map((reason) => (
            <p key={reason}>{reason}</p>
          ))}
        </details>
      )}
    </Notice>
  )
}

export function deviceNotice({
  engine,
  backend,
  adapter,
  software,
  fallbackReasons,
}: DeviceInfo): { readonly tone: 'plain' | 'warn'; readonly text: string } | null {
  if (engine === 'cpu') {
    if (fallbackReasons.length === 0) return null
    return {
      tone: 'plain',
      text: 'No graphics card was found, so training runs on the CPU engine. Small networks such as ResNet-20 train at a useful speed; a graphics card is faster.',
    }
  }
  if (software) {
    const how = backend === 'cpu' ? 'in plain JavaScript' : `on ${adapter}, a software adapter`
    return {
      tone: 'warn',
      text: `Training runs ${how}: correct, but slow. The CPU engine is faster where the browser has WebAssembly SIMD.`,
    }
  }
  if (fallbackReasons.length === 0) return null
  return { tone: 'plain', text: 'Training runs on WebGL, which is slower than WebGPU.' }
}
