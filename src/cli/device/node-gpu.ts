// WebGPU in Node: Dawn, on the best Vulkan driver of the machine.
import { tmpdir } from 'node:os'
import { create, globals } from 'webgpu'
import { AppError } from '../../base/app-error.ts'
import { mayBeGraphicsCard, vulkanDrivers } from './vulkan-driver.ts'

/** Dawn ends the process where one of these is collected as garbage before its devices. */
const instances: GPU[] = []

/**
 * Installs WebGPU's globals and `navigator.gpu`, which tfjs looks for, and returns the GPU with the name of its driver.
 * Node exits once the devices made from it are destroyed.
 * @param which `graphics cards` passes over the drivers that are programs on the CPU
 * @throws AppError `device-unavailable` where no driver gives an adapter
 */
export async function createNodeGpu(
  which: 'all' | 'graphics cards' = 'all',
): Promise<{ gpu: GPU; driver: string }> {
  // Mesa and the Vulkan loader read the environment when the instance is made.
  process.env['XDG_RUNTIME_DIR'] ??= tmpdir()
  const drivers = vulkanDrivers().filter((driver) => which === 'all' || mayBeGraphicsCard(driver))
  for (const { name, file } of drivers) {
    if (file !== null) process.env['VK_DRIVER_FILES'] = file
    const gpu = create([])
    instances.push(gpu)
    if (await gpu.requestAdapter({ powerPreference: 'high-performance' })) {
      Object.assign(globalThis, globals)
      installNavigator(gpu)
      return { gpu, driver: name }
    }
  }
  throw new AppError(
    'device-unavailable',
    which === 'all'
      ? 'No Vulkan driver on this machine gives Dawn an adapter; `npm run setup` finds or installs one, ' +
          'or set VK_DRIVER_FILES to a driver’s JSON file.'
      : 'This machine has no graphics card that Dawn can use.',
  )
}

/** Node has a `navigator` of its own from version 21 on. */
function installNavigator(gpu: GPU): void {
  const navigator: object = globalThis.navigator ?? {}
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true })
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true })
}
