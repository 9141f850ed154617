// The world around training and evaluating, as the command line has it.
import type { SessionPorts } from '../training/session-ports.ts'
import { computeWhitening, whitenWith } from '../training/whitening/compute-whitening.ts'
import type { ImageSource } from './image-source.ts'

type CommandLinePorts = Pick<SessionPorts, 'loadImages' | 'whiten' | 'now' | 'elapsed' | 'yieldToEventLoop'>

/** @param source of the only data set that is asked for */
export function commandLinePorts(source: ImageSource): CommandLinePorts {
  return {
    loadImages: (_set, split, limit) => source.load(split, limit),
    whiten: whitenWith(computeWhitening),
    now: () => Date.now(),
    elapsed: () => performance.now(),
    yieldToEventLoop: () =>
      new Promise((resolve) => {
        setImmediate(resolve)
      }),
  }
}
