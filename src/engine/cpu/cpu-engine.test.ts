import { nodeCpuHost } from '../../cli/node-cpu-host.ts'
import { describeSystems } from '../tfjs/suites/system-suite.ts'
import { describeTrainer } from '../tfjs/suites/trainer-suite.ts'
import { createCpuEngine } from './cpu-engine.ts'

const open = (threads: number) =>
  createCpuEngine({
    host: nodeCpuHost,
    threads,
    onFailure(error) {
      throw error
    },
  })

describeTrainer('the CPU engine', () => open(2))
describeSystems('the CPU engine', () => open(2))
