// Whether what is stored of the runs that were trained is all of it.
import type { Page } from '@playwright/test'

/** Of the finished runs: how many there are, and a sentence for each whose record lacks a step or an epoch. */
export function storedRecord(page: Page): Promise<{ runs: number; steps: number; incomplete: string[] }> {
  return page.evaluate(async () => {
    type Entry = { run: string; state: string; steps: number; stepsPerEpoch: number }
    const answer = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result))
        request.addEventListener('error', () => reject(request.error ?? new Error('the storage failed')))
      })
    const database = await answer(indexedDB.open('residual-lab-runs'))
    const transaction = database.transaction(['entries', 'steps', 'epochs'])
    const entries: Entry[] = await answer(transaction.objectStore('entries').getAll())
    const incomplete: string[] = []
    let sum = 0
    const finished = entries.filter(({ state }) => state === 'finished')
    for (const { run, steps, stepsPerEpoch } of finished) {
      const range = IDBKeyRange.bound([run, -Infinity], [run, []])
      const keys = await answer(transaction.objectStore('steps').getAllKeys(range))
      const pieces: { loss: Float64Array }[] = await answer(transaction.objectStore('steps').getAll(range))
      let next = 1
      for (const [i, { loss }] of pieces.entries()) {
        const key = keys[i]
        if (!Array.isArray(key) || key[1] !== next) incomplete.push(`${run} lacks steps from ${next} on`)
        next += loss.length
      }
      if (next - 1 !== steps) incomplete.push(`${run} has ${next - 1} of ${steps} steps`)
      const epochs = await answer(transaction.objectStore('epochs').count(range))
      if (epochs < steps / stepsPerEpoch)
        incomplete.push(`${run} has ${epochs} of ${steps / stepsPerEpoch} epochs`)
      sum += steps
    }
    database.close()
    return { runs: finished.length, steps: sum, incomplete }
  })
}
