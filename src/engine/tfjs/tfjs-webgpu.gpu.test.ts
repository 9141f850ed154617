import { createNodeGpu } from '../../cli/node-gpu.ts'
import { createTfjsEngine } from './tfjs-engine.ts'
import { describeKernels } from './suites/kernel-suite.ts'
import { describeTensors, describeTrainer } from './suites/trainer-suite.ts'

const open = async () => createTfjsEngine({ backend: 'webgpu', gpu: (await createNodeGpu()).gpu })

describeKernels('Dawn', open)
describeTrainer('Dawn', open)
describeTensors('Dawn', open)
