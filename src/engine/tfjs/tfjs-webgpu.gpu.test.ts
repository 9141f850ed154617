import { createNodeGpu } from '../../cli/device/node-gpu.ts'
import { createTfjsEngine } from './tfjs-engine.ts'
import { describeKernels } from '../../testing/suites/kernel-suite.ts'
import { describeTensors, describeTrainer } from '../../testing/suites/trainer-suite.ts'

const open = async () => createTfjsEngine({ backend: 'webgpu', gpu: (await createNodeGpu()).gpu })

describeKernels('Dawn', open)
describeTrainer('Dawn', open)
describeTensors('Dawn', open)
