// The blocks that there are, in the order of the page's menu.
import { z } from 'zod'
import { kindNamed, schemasOf } from '../../base/kinds.ts'
import { basic } from './basic.ts'
import { bottleneck } from './bottleneck.ts'
import type { Block, BlockStep } from './define-block.ts'
import { preActivatedTransition, transition } from './transition.ts'

const LIST = [basic, bottleneck, transition, preActivatedTransition] as const

export const blockSchema = z.discriminatedUnion('kind', schemasOf(LIST))
export type BlockConfig = z.infer<typeof blockSchema>

export const BLOCKS: readonly Block<BlockConfig['kind'], BlockConfig>[] = LIST

/** What the lab knows of a block's kind. */
export const blockKind = ({ kind }: Pick<BlockConfig, 'kind'>) => kindNamed(BLOCKS, kind)

/** The convolutions of a block's main path, in order. */
export const convolutionsOf = (block: BlockConfig): Extract<BlockStep, { layer: 'conv' }>[] =>
  blockKind(block)
    .steps(block)
    .filter((step) => step.layer === 'conv')

export const has1x1Convolutions = (block: BlockConfig): boolean =>
  convolutionsOf(block).some(({ kernel }) => kernel === 1)
