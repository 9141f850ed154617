// A placed program as the words that assembly/run.ts reads.
import { KERNEL_NAMES, KERNELS } from './kernels.ts'
import type { PlacedProgram } from './memory/place-tensors.ts'
import type { AreaName, Argument, Call, Work } from './lowering/work.ts'

type Addresses = { readonly areas: Readonly<Partial<Record<AreaName, number>>>; readonly arena: number }

export type EncodedProgram = {
  /** Where the words lie. */
  readonly address: number
  readonly words: Int32Array<ArrayBuffer>
  /** Address of the stages' table. */
  readonly stages: number
  readonly stageCount: number
  /** By number: of what the times of a profile are. */
  readonly calls: readonly Call[]
}

const WORD_BYTES = 4

/** @param address where the words will lie, a multiple of 4 */
export function encodeProgram(program: PlacedProgram, addresses: Addresses, address: number): EncodedProgram {
  const words: number[] = []
  const append = (values: readonly number[]): number => {
    const at = address + words.length * WORD_BYTES
    words.push(...values)
    return at
  }
  const addressOf = addressesOf(program, addresses, append)

  const numbered: Call[] = []
  const callOf = (call: Call): [number, number, number] => {
    const { kernel, args } = call
    const given = Object.entries(KERNELS[kernel]).map(([name, word]) => {
      const value = args[name]
      if (value === undefined) throw new Error(`${kernel} is not given ${name}`)
      const number = addressOf(value)
      return word === 'f32' ? floatBits(number) : number
    })
    return [KERNEL_NAMES.indexOf(kernel), append(given), numbered.push(call) - 1]
  }
  const workOf = ({ units, chunkUnits, chunks, calls, finish }: Work): number => {
    const table = append([...calls, ...finish].flatMap(callOf))
    return append([
      0,
      0,
      chunks,
      chunkUnits,
      units === 'images' ? -1 : units,
      table,
      calls.length,
      finish.length,
    ])
  }
  const stages = program.stages.map(({ works }) => {
    const found = works.map(workOf)
    return append([found.length, ...found])
  })
  const table = append(stages)
  return {
    address,
    words: Int32Array.from(words),
    stages: table,
    stageCount: stages.length,
    calls: numbered,
  }
}

/** A tensor of which each thread has its own has an odd address: an offset, and 1. */
function addressesOf(
  { places }: PlacedProgram,
  { areas, arena }: Addresses,
  append: (words: readonly number[]) => number,
): (value: Argument) => number {
  const tables = new Map<string, number>()
  return (value) => {
    if (typeof value === 'number') return value
    const { tensor, offset } = value
    if (tensor.kind === 'lasting') {
      const area = areas[tensor.area]
      if (area === undefined) throw new Error(`there is no area ${tensor.area}`)
      return area + offset
    }
    if (tensor.kind === 'table') {
      const key = tensor.words.join()
      const known = tables.get(key) ?? append(tensor.words)
      tables.set(key, known)
      return known
    }
    const place = places.get(tensor)
    if (!place) throw new Error(`${tensor.label} has no place`)
    return place.memory === 'own' ? (place.offset + offset) | 1 : arena + place.offset + offset
  }
}

const bits = new DataView(new ArrayBuffer(WORD_BYTES))

function floatBits(value: number): number {
  bits.setFloat32(0, value)
  return bits.getInt32(0)
}
