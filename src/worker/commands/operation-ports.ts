import type { Engine } from '../../engine/engine.ts'
import type { OperationPorts } from '../../operations/operation-ports.ts'
import type { WorkerServices } from '../worker-services.ts'

export function operationPorts(
  { library, whitener, yieldToEventLoop }: WorkerServices,
  engine: Engine,
): OperationPorts {
  return {
    engine,
    loadImages: (set, split, limit) => library.load(set, split, limit),
    whiten: whitener.whiten,
    yieldToEventLoop,
  }
}
