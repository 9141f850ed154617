import { createTfjsEngine } from './tfjs-engine.ts'
import { describeKernels } from '../../testing/suites/kernel-suite.ts'
import { describeTensors, describeTrainer } from '../../testing/suites/trainer-suite.ts'

const open = () => createTfjsEngine({ backend: 'cpu' })

describeKernels('the CPU', open)
describeTrainer('the CPU', open)
describeTensors('the CPU', open)
