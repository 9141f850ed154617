import { afterAll } from 'vitest'
import { createNodeGpu } from '../../cli/device/node-gpu.ts'
import type { Engine } from '../engine.ts'
import { createTfjsEngine } from './tfjs-engine.ts'
import { describeKernels } from '../../testing/suites/kernel-suite.ts'
import { describeTensors, describeTrainer } from '../../testing/suites/trainer-suite.ts'

// One for all suites, so that a kernel is compiled once.
let shared: Promise<Engine> | null = null
async function open(): Promise<Engine> {
  shared ??= createNodeGpu().then(({ gpu }) => createTfjsEngine({ backend: 'webgpu', gpu }))
  return { ...(await shared), dispose: () => undefined }
}
afterAll(async () => (await shared)?.dispose())

describeKernels('Dawn', open)
describeTrainer('Dawn', open)
describeTensors('Dawn', open)
