// A Graph as a person would sketch it: stem, stages of blocks, head. A fold over its nodes.
import { type Graph, type GraphNode, type NodeId, type Shape, usedNodes } from '../../../network/graph.ts'
import { elements } from '../../../network/network-facts.ts'
import { attrsOf, opOf } from '../../../network/ops/index.ts'

/** How a block's input joins its output: as it is, changed without parameters (fewer pixels, more channels), or by a convolution. */
type ShortcutKind = 'identity' | 'resized' | 'projection'

export type Shortcut = {
  readonly kind: ShortcutKind
  /** What its layers do, in order: "2×2 average pool", "zero-padded channels"; empty for an identity. */
  readonly steps: readonly string[]
}

type Layer = {
  readonly id: NodeId
  /** The module that holds its parameters, "layer1.0.conv1"; null where it has none. */
  readonly module: string | null
  readonly text: string
  readonly shape: Shape
  readonly parameters: number
}

/** Layers that belong together: the stem, a block "layer1.0", the head. */
export type Part = {
  readonly name: string
  readonly layers: readonly Layer[]
  /** Of its output. */
  readonly shape: Shape
  readonly parameters: number
  /** Convolutions of the main path. */
  readonly convolutions: number
  /** What the layers of the main path are, in order. */
  readonly steps: readonly string[]
  /** Null where nothing is added. */
  readonly shortcut: Shortcut | null
}

type Stage = { readonly name: string; readonly blocks: readonly Part[] }

export type NetworkOutline = {
  readonly stem: Part
  readonly stages: readonly Stage[]
  readonly head: Part
}

/** @param graph of a family whose blocks are modules named `stage.index`, and whose head begins with the pool */
export function outlineOf(graph: Graph): NetworkOutline {
  const sizes = new Map(graph.parameters.map(({ name, shape }) => [name, elements(shape)]))
  const members = new Map<string, GraphNode[]>()
  let place = 'stem'
  for (const node of graph.nodes) {
    if (node.op === 'globalAvgPool' || node.op === 'maxPool4') place = 'head'
    else if (place !== 'head') place = blockOf(moduleOf(node)) ?? place
    append(members, place, node)
  }
  const used = usedNodes(graph)
  const parts = [...members].map(([name, nodes]) => partOf(name, nodes, sizes, used))
  const [stem, head] = [parts[0], parts.at(-1)]
  if (!stem || !head) throw new Error('a graph without nodes has no outline')
  const stages = new Map<string, Part[]>()
  for (const part of parts.slice(1, -1)) append(stages, part.name.slice(0, part.name.lastIndexOf('.')), part)
  return { stem, head, stages: [...stages].map(([name, blocks]) => ({ name, blocks })) }
}

function append<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}

export const parametersOf = (parts: readonly { readonly parameters: number }[]) =>
  parts.reduce((sum, { parameters }) => sum + parameters, 0)

function partOf(
  name: string,
  nodes: readonly GraphNode[],
  sizes: ReadonlyMap<string, number>,
  used: ReadonlySet<NodeId>,
): Part {
  const noted = (text: string, { id }: GraphNode) => (used.has(id) ? text : `${text} (statistics only)`)
  const layers = nodes.map((node) => ({
    id: node.id,
    module: moduleOf(node),
    text: noted(layerText(node), node),
    shape: node.shape,
    parameters: parameterNames(node).reduce((sum, parameter) => sum + (sizes.get(parameter) ?? 0), 0),
  }))
  const shape = layers.at(-1)?.shape ?? { height: 0, width: 0, channels: 0 }
  const bypass = shortcutNodes(nodes)
  const main = nodes.filter((node) => !bypass?.includes(node))
  return {
    name,
    layers,
    shape,
    parameters: parametersOf(layers),
    convolutions: main.filter(({ op }) => op === 'conv2d').length,
    steps: main.map((node) => noted(stepText(node), node)),
    shortcut: bypass && { kind: shortcutKind(bypass), steps: bypass.map(stepText) },
  }
}

function parameterNames(node: GraphNode): readonly string[] {
  return (node.op !== 'input' && opOf(node).parameters?.(attrsOf(node))) || []
}

/** "layer1.0.conv1" of "layer1.0.conv1.weight" */
function moduleOf(node: GraphNode): string | null {
  const name = parameterNames(node)[0]
  return name === undefined ? null : name.slice(0, name.lastIndexOf('.'))
}

/** "layer1.0" of "layer1.0.conv1"; null for a module outside the blocks. */
const blockOf = (module: string | null) => module?.match(/^[^.]+\.\d+(?=\.)/)?.[0] ?? null

/** What lies between the block's input and the second input of its addition; null without an addition. */
function shortcutNodes(nodes: readonly GraphNode[]): GraphNode[] | null {
  const own = new Map(nodes.map((node) => [node.id, node]))
  const addition = nodes.find((node) => node.op === 'add')
  if (!addition) return null
  const found: GraphNode[] = []
  let at = own.get(addition.inputs[1])
  while (at) {
    found.unshift(at)
    at = at.inputs[0] === undefined ? undefined : own.get(at.inputs[0])
  }
  return found
}

function shortcutKind(nodes: readonly GraphNode[]): ShortcutKind {
  if (nodes.length === 0) return 'identity'
  return nodes.some(({ op }) => op === 'conv2d') ? 'projection' : 'resized'
}

/** A layer in a line of several: what the table of layers says more of is left out. */
function stepText(node: GraphNode): string {
  return (node.op !== 'input' && opOf(node).step?.(attrsOf(node))) || layerText(node)
}

function layerText(node: GraphNode): string {
  return node.op === 'input' ? 'image' : opOf(node).text(attrsOf(node))
}
