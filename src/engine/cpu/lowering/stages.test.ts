import { describe, expect, test } from 'vitest'
import { createGraphBuilder } from '../../../network/graph-builder.ts'
import { differentiate } from '../../compiler/differentiate.ts'
import { inferenceProgram } from '../../compiler/forward.ts'
import { fuse } from '../../compiler/fuse.ts'
import { type Program, readsOf, writesOf } from '../../compiler/program.ts'
import { stagesOf } from './stages.ts'
import { narrowed } from '../../../testing/cpu-engine/test-networks.ts'

/** How many operations each stage has, by their names. */
function summary(program: Program): string[][] {
  const stages = new Map<number, string[]>()
  for (const [operation, stage] of stagesOf(program)) {
    stages.set(stage, [...(stages.get(stage) ?? []), operation.op])
  }
  return [...stages.values()]
}

function oneNorm() {
  const graphs = createGraphBuilder({ height: 32, width: 32, channels: 3 })
  const at = graphs.batchNorm(graphs.conv2d(graphs.input, 'conv', 4, 3, 1), 'norm')
  return graphs.finish(graphs.dense(graphs.globalAvgPool(graphs.relu(at)), 'fc', 10))
}

describe('the stages of a program', () => {
  test('end where a batch norm needs what all images have made', () => {
    expect(summary(fuse(differentiate(oneNorm())))).toEqual([
      ['decode', 'conv2d', 'batchNormStatistics'],
      [
        'batchNormApply',
        'globalAvgPool',
        'dense',
        'crossEntropy',
        'denseWeightGradient',
        'denseInputGradient',
        'globalAvgPoolGradient',
        'batchNormReduce',
      ],
      ['batchNormInputGradient', 'conv2dWeightGradient', 'optimise'],
    ])
  })

  test('are one where nothing is normalised by the batch', () => {
    expect(summary(fuse(inferenceProgram(oneNorm())))).toHaveLength(1)
  })

  test('never read what a later stage writes, and leave two before the first for what is made ready', () => {
    for (const preset of ['akamaster-20', 'iavicenna-18', 'mbsariyildiz-50', 'zhenye-na', 'drgripa1-20']) {
      const program = fuse(differentiate(narrowed(preset, 4)))
      const written = new Map<number, number>()
      const stages = stagesOf(program)
      expect(Math.min(...stages.values())).toBe(2)
      for (const operation of program.operations) {
        const stage = stages.get(operation) ?? Number.NaN
        for (const id of readsOf(operation)) expect(written.get(id)).toBeLessThanOrEqual(stage)
        for (const id of writesOf(operation)) written.set(id, stage)
      }
    }
  })
})
