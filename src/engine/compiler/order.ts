import { type Operation, producers, readsOf, type ValueId } from './program.ts'

/**
 * The operations in an order in which every value is written before it is read; otherwise as given. An operation goes as
 * early as its place in the list and its reads allow.
 */
export function order(operations: readonly Operation[]): Operation[] {
  const producerOf = producers(operations)
  const ordered = new Set<Operation>()
  const visiting = new Set<Operation>()

  const place = (operation: Operation): void => {
    if (ordered.has(operation)) return
    if (visiting.has(operation)) throw new Error(`${operation.op} depends on its own value`)
    visiting.add(operation)
    for (const id of readsOf(operation)) place(producer(id, operation))
    visiting.delete(operation)
    ordered.add(operation)
  }
  const producer = (id: ValueId, reader: Operation): Operation => {
    const found = producerOf.get(id)
    if (!found) throw new Error(`${reader.op} reads value ${id}, which nobody writes`)
    return found
  }
  for (const operation of operations) place(operation)
  return [...ordered]
}
