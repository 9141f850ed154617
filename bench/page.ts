// The benchmark in a browser. in-page.ts waits for `perform`, calls it, and listens to `tell`.
import type { BenchEvent } from './events.ts'
import { type BenchOrder, perform } from './perform.ts'

declare global {
  interface Window {
    perform(order: BenchOrder): Promise<void>
    tell(event: BenchEvent): Promise<void>
  }
}

window.perform = (order) => perform(order, navigator.gpu ?? null, (event) => void window.tell(event))
