import { createTfjsEngine } from './tfjs-engine.ts'
import { describeKernels } from './suites/kernel-suite.ts'
import { describeTrainer } from './suites/trainer-suite.ts'

const open = () => createTfjsEngine({ backend: 'cpu' })

describeKernels('the CPU', open)
describeTrainer('the CPU', open)
