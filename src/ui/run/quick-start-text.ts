// What to expect of the quick start's experiments, and why.
import type { Experiment } from '../../client/setup/quick-start.ts'
import { weightLayers } from '../../network/format-network.ts'
import { runLength } from '../../runs/run-length.ts'
import { meanAndSd } from '../../runs/statistics/statistics.ts'

/** "44 layers: expect A far ahead" */
export function expectation({ depth, setup }: Experiment): string {
  return `${weightLayers(setup.network)} layers: expect ${depth === 'deep' ? 'A far ahead' : 'little difference'}`
}

/** @param other what else the quick start offers; null where the engine is too slow for more */
export function reason({ depth, setup }: Experiment, other: Experiment | null): string {
  const layers = weightLayers(setup.network)
  if (depth === 'deep') {
    return `A plain network of ${layers} layers is too deep to learn in ${runLength(setup).epochs} epochs: its gradient passes through every layer. Identity mappings carry it past every block, so A learns.`
  }
  const shallow = `A network of ${layers} layers is shallow enough to learn without identity mappings: they do not help, and B may end a few points ahead.`
  return other
    ? shallow
    : `${shallow} Deep networks need them, but take too long on this engine; a graphics card or the CPU engine trains one within a minute.`
}

/** Over seeds; null where nobody has measured it. */
export function measurement({ measured, setup }: Experiment): string | null {
  if (!measured) return null
  const { withIdentity, withoutIdentity } = measured
  return `We measured ${withIdentity.length} seeds on the CPU engine: A ${meanAndRange(withIdentity)}, B ${meanAndRange(withoutIdentity)}, on ${runLength(setup).testImages} synthetic test images.`
}

/** What the button that trains it says. */
export function invitation({ depth, setup }: Experiment): string {
  return `At ${weightLayers(setup.network)} layers it ${depth === 'deep' ? 'matters' : 'does not matter'}`
}

/** "78.2 % (69.2–81.6)" */
function meanAndRange(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return `${meanAndSd(values).mean.toFixed(1)} % (${least.toFixed(1)}–${most.toFixed(1)})`
}
