// A small network of every registered kind of shortcut in every registered kind of block, with odd widths.
import { BLOCKS } from '../../network/blocks/index.ts'
import { type NetworkConfig, networkConfigSchema } from '../../network/network-config.ts'
import { SHORTCUTS } from '../../network/shortcuts/index.ts'

export function everyArchitecture({
  identity,
}: {
  readonly identity: boolean
}): { readonly title: string; readonly network: NetworkConfig }[] {
  return BLOCKS.flatMap((block) =>
    SHORTCUTS.map((shortcut) => ({
      title: `${shortcut.kind} in ${block.kind} blocks, ${identity ? 'with' : 'without'} identity`,
      network: networkConfigSchema.parse({
        stem: { channels: 5, dropout: 0 },
        // The first block of a stage changes the width, of another the resolution alone, of the last both.
        stages: [
          { blocks: 2, channels: 7 },
          { blocks: 1, channels: 7 },
          { blocks: 2, channels: 9 },
        ],
        block: block.defaults,
        shortcut: shortcut.defaults,
        convolutionBias: 'none',
        head: { pool: 'average', bias: true },
        initialisation: {
          weights: 'kaiming-normal-fan-in',
          linear: 'as-convolutions',
          linearBias: 'zero',
          scale: 'one',
          runningVariance: 1,
        },
        identity,
      }),
    })),
  )
}
