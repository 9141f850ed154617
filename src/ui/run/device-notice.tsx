import type { Device } from '../../client/lab-record.ts'
import type { DeviceInfo } from '../../contract/device-info.ts'
import { FailureNotice, Notice } from '../controls/notice.tsx'

/** What a person must know of the device before waiting for it. Nothing where it is a GPU. */
export function DeviceNotice({ device }: { readonly device: Device }) {
  if (device.state === 'failed') return <FailureNotice failure={device.failure} />
  if (device.state === 'starting') return null
  const { software, fallbackReasons } = device.info
  if (!software && fallbackReasons.length === 0) return null
  return (
    <Notice tone={software ? 'warn' : 'plain'}>
      <p>{software ? softwareWords(device.info) : 'Training runs on WebGL, which is slower than WebGPU.'}</p>
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

function softwareWords({ backend, adapter }: DeviceInfo): string {
  const how = backend === 'cpu' ? 'on the CPU, in plain JavaScript' : `on the CPU through ${adapter}`
  return `This browser offers no GPU, so training runs ${how}: correct, but slow.`
}
