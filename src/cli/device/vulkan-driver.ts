// Which Vulkan driver Dawn should use, best first: the one that the environment names, the machine's GPU,
// Mesa's lavapipe, the SwiftShader that comes with every Chromium. macOS and Windows need none.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'

export type VulkanDriver = {
  readonly kind: 'environment' | 'system' | 'lavapipe' | 'swiftshader'
  /** For people. */
  readonly name: string
  /** The driver's JSON file, for VK_DRIVER_FILES; null to leave the choice to the system. */
  readonly file: string | null
}

/** The driver that would be used; null where there is none. */
export function findVulkanDriver(): VulkanDriver | null {
  return vulkanDrivers()[0] ?? null
}

/** Every driver worth trying, best first. */
export function vulkanDrivers(): VulkanDriver[] {
  const named = process.env['VK_DRIVER_FILES'] || process.env['VK_ICD_FILENAMES']
  if (named) return [{ kind: 'environment', name: `VK_DRIVER_FILES=${named}`, file: named }]
  const drivers: VulkanDriver[] = []
  if (process.platform !== 'linux' || hasGraphicsCard()) {
    drivers.push({ kind: 'system', name: 'the system’s graphics driver', file: null })
  }
  const lavapipe = driverFiles().find((file) => file.includes('lvp_icd') && isRecentMesa(file))
  if (lavapipe) drivers.push({ kind: 'lavapipe', name: `Mesa’s lavapipe, ${lavapipe}`, file: lavapipe })
  const swiftshader = chromiumFolders()
    .map((folder) => join(folder, 'vk_swiftshader_icd.json'))
    .find((file) => existsSync(file))
  if (swiftshader) {
    drivers.push({ kind: 'swiftshader', name: `Chromium’s SwiftShader, ${swiftshader}`, file: swiftshader })
  }
  return drivers
}

/** Whether the driver is one that a graphics card could answer: not Mesa's lavapipe, nor SwiftShader, found by us. */
export function mayBeGraphicsCard({ kind }: VulkanDriver): boolean {
  return kind === 'environment' || kind === 'system'
}

/** A render node of a kernel driver, NVIDIA's own, or WSL's. */
function hasGraphicsCard(): boolean {
  return (
    ['/dev/nvidia0', '/dev/dxg'].some((path) => existsSync(path)) ||
    namesIn('/dev/dri').some((name) => name.startsWith('renderD'))
  )
}

function driverFiles(): string[] {
  return ['/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/etc/vulkan/icd.d'].flatMap((folder) =>
    namesIn(folder).map((name) => join(folder, name)),
  )
}

const driverFileSchema = z.object({ ICD: z.object({ api_version: z.string() }) })

/** Dawn refuses the lavapipe of Mesa 22; that of Mesa 25 is the first with Vulkan 1.4, which its JSON file tells. */
function isRecentMesa(file: string): boolean {
  try {
    const { ICD } = driverFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    const [major = 0, minor = 0] = ICD.api_version.split('.').map(Number)
    return major > 1 || minor >= 4
  } catch {
    return false
  }
}

function chromiumFolders(): string[] {
  const playwright = join(homedir(), '.cache/ms-playwright')
  const downloaded = namesIn(playwright).flatMap((name) =>
    ['chrome-linux', 'chrome-linux64'].map((folder) => join(playwright, name, folder)),
  )
  const named = process.env['CHROMIUM']
  const installed = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome', ...downloaded]
  return named ? [dirname(named), ...installed] : installed
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted()
  } catch {
    return []
  }
}
