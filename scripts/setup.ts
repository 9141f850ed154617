// Finds, or installs, what the tests need beyond npm: a Chromium with WebGPU, a Vulkan driver for Dawn in Node, and, where
// pip can be had, the reader of TensorBoard. Says what it did. `npm run setup`; `npm test` runs it first.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { findChromium } from './find-chromium.ts'
import { findVulkanDriver } from '../src/cli/device/vulkan-driver.ts'
import { TENSORBOARD } from '../src/testing/transfer/read-tensorboard.ts'

const APT_SOURCE = '/etc/apt/sources.list.d/residual-lab-backports.list'

function say(line: string): void {
  console.log(`setup: ${line}`)
}

function run(command: string, args: readonly string[]): void {
  say(`${command} ${args.join(' ')}`)
  execFileSync(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}

const isRoot = process.getuid?.() === 0

/** VERSION_CODENAME of a Debian where we may install; null elsewhere. */
function debianRelease(): string | null {
  if (!isRoot) return null
  try {
    const release = readFileSync('/etc/os-release', 'utf8')
    return /^ID=debian$/m.test(release) ? (/^VERSION_CODENAME=(\w+)$/m.exec(release)?.[1] ?? null) : null
  } catch {
    return null
  }
}

function ensureChromium(release: string | null): void {
  const found = findChromium()
  if (found) return say(`Chromium: ${found}`)
  if (release) {
    run('apt-get', ['update', '-q'])
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'])
  } else {
    run('npx', ['playwright', 'install', 'chromium'])
  }
  const installed = findChromium()
  if (!installed)
    throw new Error('setup: found no Chromium after installing one. Set CHROMIUM to its executable.')
  say(`Chromium: installed ${installed}`)
}

/** Dawn refuses Mesa before 23; Debian 12 has a newer one in its backports. */
function ensureVulkanDriver(release: string | null): void {
  const found = findVulkanDriver()
  if (found && found.kind !== 'swiftshader') return say(`Vulkan driver: ${found.name}`)
  if (release) installMesa(release)
  const installed = findVulkanDriver()
  if (!installed) {
    throw new Error(
      'setup: found no Vulkan driver. Install Mesa’s (25 or later), or set VK_DRIVER_FILES to a driver’s JSON file.',
    )
  }
  say(`Vulkan driver: ${installed.name}`)
}

function installMesa(release: string): void {
  const mirror = execFileSync('apt-get', ['indextargets', '--format', '$(REPO_URI) $(RELEASE)'], {
    encoding: 'utf8',
  })
    .split('\n')
    .map((line) => line.split(' '))
    .find(([uri, suite]) => suite === release && uri?.includes('debian') && !uri.includes('security'))?.[0]
  const backports = release === 'bookworm' && mirror ? `${release}-backports` : null
  const suite = backports ? ['-t', backports] : []
  try {
    if (backports) writeFileSync(APT_SOURCE, `deb ${mirror} ${backports} main\n`)
    run('apt-get', ['update', '-q'])
    run('apt-get', [
      'install',
      '-y',
      '-q',
      '--no-install-recommends',
      ...suite,
      'mesa-vulkan-drivers',
      'libvulkan1',
    ])
  } finally {
    rmSync(APT_SOURCE, { force: true })
  }
}

/** Its reader alone, without the server's packages. */
const TENSORBOARD_PACKAGES = [
  'tensorboard==2.21.0',
  'protobuf==7.36.2',
  'numpy>=2,<3',
  'absl-py==2.5.0',
  'packaging==26.3',
]

/** The one thing that tests can be without: they say so. */
function tryTensorBoard(): void {
  if (existsSync(TENSORBOARD)) return say(`TensorBoard: ${TENSORBOARD}`)
  const options = ['--disable-pip-version-check', '--no-deps', '--retries', '1', '--timeout', '15']
  try {
    // What pip says where it fails is of no use to who has no need of it.
    run('python3', [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--quiet',
      ...options,
      '--target',
      TENSORBOARD,
      ...TENSORBOARD_PACKAGES,
    ])
  } catch {
    rmSync(TENSORBOARD, { recursive: true, force: true })
    say('TensorBoard: pip could not install it; the test that reads events with it is left out')
  }
}

const release = debianRelease()
ensureChromium(release)
ensureVulkanDriver(release)
tryTensorBoard()
