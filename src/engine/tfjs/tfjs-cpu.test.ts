import { createTfjsEngine } from './tfjs-engine.ts'
import { describeKernels } from './suites/kernel-suite.ts'
import { describeTensors, describeTrainer } from './suites/trainer-suite.ts'

const open = () => createTfjsEngine({ backend: 'cpu' })

describeKernels('the CPU', open)
describeTrainer('the CPU', open)
describeTensors('the CPU', open)
