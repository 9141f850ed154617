// Which kernel computes each convolution: measured on the adapter, once, and remembered.
import { AppError } from '../../base/app-error.ts'
import {
  type AdapterTraits,
  type Candidate,
  type Convolution,
  convolutionCandidates,
} from './lowering/convolution-candidates.ts'
import { outputSide } from './kernels/convolution/conv-shape.ts'

export type KernelChoice = (convolution: Convolution) => Candidate

/** Candidates' ids by key. What is written stays: a run resumes with the kernels that it began with. */
export type ChoiceStore = {
  read(key: string): Promise<string | null>
  write(key: string, id: string): Promise<void>
}

export type KernelChooser = {
  /**
   * Measures those of the convolutions that nobody has measured yet.
   * @param onMeasured told how many of them have their choice
   * @throws AppError `device-lost`
   */
  choose(
    convolutions: readonly Convolution[],
    onMeasured?: (ready: number, total: number) => void,
  ): Promise<KernelChoice>
}

export type ChooserOptions = {
  readonly adapter: string
  readonly traits: AdapterTraits
  readonly store: ChoiceStore
  /** Milliseconds of one call of `choose`, compiling included; what is unmeasured then takes its first candidate. */
  readonly budget: number
  /** Milliseconds that a candidate takes. @throws AppError where the adapter does not run it */
  readonly measure: (convolution: Convolution, candidate: Candidate) => Promise<number>
  /** Milliseconds since any fixed moment. */
  readonly now: () => number
}

/** What an adapter is expected to be good at. */
export function firstCandidates(traits: AdapterTraits): KernelChoice {
  return (convolution) => convolutionCandidates(convolution, traits)[0]
}

export function createKernelChooser(options: ChooserOptions): KernelChooser {
  const { adapter, traits, store, budget, now } = options
  return {
    async choose(convolutions, onMeasured) {
      const chosen = new Map<string, string>()
      const end = now() + budget
      const distinct = mostWorkFirst(convolutions)
      for (const [i, convolution] of distinct.entries()) {
        const key = await storeKey(adapter, convolution, traits)
        const known = await store.read(key)
        const id = known ?? (await fastest(options, convolution, end))
        if (known === null) await store.write(key, id)
        chosen.set(nameOf(convolution), id)
        onMeasured?.(i + 1, distinct.length)
      }
      return (convolution) => {
        const candidates = convolutionCandidates(convolution, traits)
        const id = chosen.get(nameOf(convolution))
        return candidates.find((candidate) => candidate.id === id) ?? candidates[0]
      }
    },
  }
}

async function fastest(
  { traits, measure, now }: ChooserOptions,
  convolution: Convolution,
  end: number,
): Promise<string> {
  const candidates = convolutionCandidates(convolution, traits)
  let best = { id: candidates[0].id, ms: Number.POSITIVE_INFINITY }
  for (const candidate of candidates) {
    if (now() >= end) break
    try {
      const ms = await measure(convolution, candidate)
      if (ms < best.ms) best = { id: candidate.id, ms }
    } catch (error) {
      // An adapter without the room for a candidate has others; a lost one has nothing.
      if (!(error instanceof AppError) || error.code === 'device-lost') throw error
    }
  }
  return best.id
}

/** Batches of nearly one size share a measurement. */
function nameOf({ pass, shape, activations }: Convolution): string {
  const { batch, height, width, inChannels, outChannels, kernel, stride } = shape
  const magnitude = Math.round(Math.log2(batch))
  return `${pass} ${kernel}×${kernel}/${stride} ${inChannels}→${outChannels} @${height}×${width} ×2^${magnitude} ${activations}`
}

function mostWorkFirst(convolutions: readonly Convolution[]): Convolution[] {
  const distinct = new Map(convolutions.map((convolution) => [nameOf(convolution), convolution]))
  const work = ({ shape }: Convolution) =>
    outputSide(shape.height, shape.stride) *
    outputSide(shape.width, shape.stride) *
    shape.inChannels *
    shape.outChannels *
    shape.kernel ** 2
  return [...distinct.values()].toSorted((a, b) => work(b) - work(a))
}

/** Another shader text is another kernel, to be measured anew. */
async function storeKey(adapter: string, convolution: Convolution, traits: AdapterTraits): Promise<string> {
  const texts = convolutionCandidates(convolution, traits).map(({ id, kernel }) => id + kernel({}).wgsl)
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(texts.join('\n')))
  const hash = Array.from(new Uint8Array(digest).subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0'))
  return `${adapter} | ${nameOf(convolution)} | ${hash.join('')}`
}
