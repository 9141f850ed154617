import { createNodeGpu } from '../../cli/node-gpu.ts'
import type { Engine } from '../engine.ts'
import { describeTrainer } from '../tfjs/suites/trainer-suite.ts'
import { describeAdapter, openWebgpuDevice } from '../tfjs/webgpu-device.ts'
import { createWebGpuEngine } from './webgpu-engine.ts'

async function open(): Promise<Engine> {
  const { gpu } = await createNodeGpu()
  const fail = (error: Error) => {
    throw error
  }
  const { device, info } = await openWebgpuDevice(gpu, fail)
  return createWebGpuEngine({
    device,
    info: { adapter: describeAdapter(info), software: true, fallbackReasons: [] },
    failure: () => null,
    onFailure: fail,
  })
}

describeTrainer('the WebGPU engine', open)
