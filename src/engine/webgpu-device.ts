// The GPU device that an engine runs on: opened by us, so that its failures are heard from the first command on.
import { AppError } from '../base/app-error.ts'

export type WebgpuDevice = {
  readonly adapter: GPUAdapter
  readonly device: GPUDevice
  readonly info: AdapterNames
  /** Destroys the device, which is no failure then. */
  readonly close: () => void
}

/** `navigator.gpu`, or Dawn's. */
export type GpuSource = Pick<GPU, 'requestAdapter'>

/** What the engines' kernels make use of beyond the defaults. */
const LIMITS_OF_USE = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
] as const

/** Asked for where the adapter has them. */
const FEATURES_OF_USE = ['timestamp-query', 'shader-f16', 'subgroups'] as const

/**
 * @param gpu null where the browser has none
 * @throws AppError `device-unavailable`, saying which step failed
 */
export async function requestAdapter(gpu: GpuSource | null): Promise<GPUAdapter> {
  if (!gpu) throw new AppError('device-unavailable', whyNoGpu())
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) {
    throw new AppError(
      'device-unavailable',
      'The browser knows WebGPU but offers no adapter: the graphics driver is missing, too old or on its ' +
        'blocklist; update the driver, or see chrome://gpu.',
    )
  }
  return adapter
}

/** Whether the adapter is a program on the CPU. */
export function isSoftware(adapter: GPUAdapter): boolean {
  const names = adapterNames(adapter)
  return names.isFallbackAdapter || isSoftwareAdapter(describeAdapter(names))
}

/** As `openDevice`, of the adapter that the browser prefers. */
export async function openWebgpuDevice(
  gpu: GpuSource | null,
  onFailure: (error: AppError) => void,
): Promise<WebgpuDevice> {
  return openDevice(await requestAdapter(gpu), onFailure)
}

/**
 * @param onFailure told once, of the first error that nobody caught or of the loss of the device; not of its closing
 * @throws AppError `device-unavailable`
 */
export async function openDevice(
  adapter: GPUAdapter,
  onFailure: (error: AppError) => void,
): Promise<WebgpuDevice> {
  const device = await requestDevice(adapter)
  let isClosed = false
  reportFailures(device, (error) => {
    if (!isClosed) onFailure(error)
  })
  return {
    adapter,
    device,
    info: adapterNames(adapter),
    close() {
      isClosed = true
      device.destroy()
    },
  }
}

/** What an adapter says of itself, which may be nothing: names are for people, and nothing is computed from them. */
export type AdapterNames = Pick<
  GPUAdapterInfo,
  'description' | 'vendor' | 'architecture' | 'device' | 'isFallbackAdapter'
>

/** Chrome before 127 has no `info`, and before 140 says there only beside it whether the adapter is a fallback. */
export function adapterNames(adapter: GPUAdapter): AdapterNames {
  const { info, isFallbackAdapter }: { info?: Partial<GPUAdapterInfo>; isFallbackAdapter?: boolean } = adapter
  const { vendor = '', architecture = '', device = '', description = '' } = info ?? {}
  const isFallback = info?.isFallbackAdapter ?? isFallbackAdapter ?? false
  return { vendor, architecture, device, description, isFallbackAdapter: isFallback }
}

/** The adapter as its driver names it. */
export function describeAdapter({
  description,
  vendor,
  architecture,
  device,
}: Omit<AdapterNames, 'isFallbackAdapter'>): string {
  return (
    description || [vendor, architecture, device].filter(Boolean).join(' ') || 'an adapter without a name'
  )
}

/** True for the names of adapters that are programs on the CPU. */
export function isSoftwareAdapter(name: string): boolean {
  return /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render/i.test(name)
}

function whyNoGpu(): string {
  // Node knows no secure contexts.
  const insecure = 'isSecureContext' in globalThis && !globalThis.isSecureContext
  return insecure
    ? 'WebGPU needs a secure page, and this one is not; open it over https, or on localhost.'
    : 'This browser does not offer WebGPU; use Chrome or Edge 113 or later, or switch WebGPU on in its flags.'
}

async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  try {
    return await adapter.requestDevice({
      requiredFeatures: FEATURES_OF_USE.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(LIMITS_OF_USE.map((limit) => [limit, adapter.limits[limit]])),
    })
  } catch (cause) {
    throw new AppError(
      'device-unavailable',
      `The adapter ${describeAdapter(adapterNames(adapter))} gave no WebGPU device; close other tabs that use it, or restart the browser.`,
      { cause },
    )
  }
}

function reportFailures(device: GPUDevice, onFailure: (error: AppError) => void): void {
  let reported = false
  const report = (message: string, details: string) => {
    if (reported) return
    reported = true
    onFailure(new AppError('device-lost', message, { cause: new Error(details) }))
  }
  device.addEventListener('uncapturederror', ({ error }) => {
    const message =
      error instanceof GPUOutOfMemoryError
        ? 'The graphics device ran out of memory; a smaller batch or a smaller network needs less.'
        : 'The graphics device refused a command, so its results cannot be trusted.'
    report(message, error.message)
  })
  void reportLoss(device, report)
}

async function reportLoss(
  device: GPUDevice,
  report: (message: string, details: string) => void,
): Promise<void> {
  const { message } = await device.lost
  report('The graphics device was lost.', message)
}
