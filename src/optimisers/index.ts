// The optimisers, in the order of the menus. Everything else that knows their names follows from this list.
import { z } from 'zod'
import { kindNamed, schemasOf } from '../base/kinds.ts'
import { adagrad } from './adagrad.ts'
import { adam } from './adam.ts'
import { adamw } from './adamw.ts'
import type { Formula } from './formula.ts'
import { lion } from './lion.ts'
import type { Optimiser } from './optimiser.ts'
import { rmsprop } from './rmsprop.ts'
import { sgd } from './sgd.ts'

const LIST = [sgd, adam, adamw, rmsprop, adagrad, lion] as const

export const optimiserConfigSchema = z.discriminatedUnion('kind', schemasOf(LIST))
export type OptimiserConfig = z.infer<typeof optimiserConfigSchema>
export type OptimiserKind = OptimiserConfig['kind']

export const OPTIMISERS: readonly Optimiser<OptimiserKind, OptimiserConfig>[] = LIST
export const OPTIMISER_KINDS = OPTIMISERS.map(({ kind }) => kind)
/** Of all optimisers; a kernel of the CPU engine's names one by its number here. */
export const FORMULAS = OPTIMISERS.flatMap(({ formulas }) => formulas)

export const optimiserOf = (kind: OptimiserKind) => kindNamed(OPTIMISERS, kind)

export function formulaOf(config: OptimiserConfig): Formula<OptimiserConfig> {
  const found = optimiserOf(config.kind).formulas.find((formula) => formula.applies(config))
  if (!found) throw new Error(`${config.kind} has no formula for ${JSON.stringify(config)}`)
  return found
}

/** What an optimiser remembers of every parameter, in the order in which engines keep it. */
export const slotNames = (config: OptimiserConfig): readonly string[] => formulaOf(config).slots

/** What of an optimiser's formula changes with every step, in its order. @param step 1 for the first */
export const stepFactors = (config: OptimiserConfig, step: number): readonly number[] =>
  Object.values(formulaOf(config).stepFactors(config, step))
