import { createTfjsEngine } from './tfjs-engine.ts'
import { describeKernels } from './suites/kernel-suite.ts'

const open = () => createTfjsEngine({ backend: 'cpu' })

describeKernels('the CPU', open)
