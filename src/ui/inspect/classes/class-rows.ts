// The per-class table as rows, and their order.
import type { PerClass } from '../../../contract/evaluation.ts'
import { comparisonOf } from '../comparison.ts'
import type { LabelledEvaluation } from '../labelled-evaluations.tsx'

export const METRICS = ['precision', 'recall', 'f1'] as const
export type Metric = (typeof METRICS)[number]

/** A column of metrics; `name` and `support` stand beside them. */
export type MetricColumn = {
  readonly id: string
  readonly metric: Metric
  /** "A", "B − A" */
  readonly heading: string
  readonly signed: boolean
  /** Null where it is not defined for the class. */
  readonly valueOf: (label: number) => number | null
}

export type Sort = { readonly column: string; readonly descending: boolean }

/** For each metric a column a score and, where A and B can be compared, one for B − A. */
export function metricColumns(
  evaluations: readonly LabelledEvaluation[],
  metrics: readonly Metric[],
): readonly MetricColumn[] {
  const comparison = comparisonOf(evaluations)
  return metrics.flatMap((metric) => {
    const columns = evaluations.map(({ key, short, evaluation }): MetricColumn => {
      const valueOf = (label: number) => metricOf(evaluation.perClass, label, metric)
      return { id: `${metric} ${key}`, metric, heading: short, signed: false, valueOf }
    })
    if (!comparison) return columns
    const { a, b } = comparison
    const difference: MetricColumn = {
      id: `${metric} difference`,
      metric,
      heading: `${b.short} − ${a.short}`,
      signed: true,
      valueOf(label) {
        const inA = metricOf(a.evaluation.perClass, label, metric)
        const inB = metricOf(b.evaluation.perClass, label, metric)
        return inA === null || inB === null ? null : inB - inA
      },
    }
    return columns.toSpliced(2, 0, difference)
  })
}

const metricOf = (perClass: readonly PerClass[], label: number, metric: Metric) =>
  perClass[label]?.[metric] ?? null

/** Labels in the order of a column's metrics; what is not defined comes last either way, equals by label. */
export function sortedLabels(
  labels: readonly number[],
  valueOf: (label: number) => number | string | null,
  descending: boolean,
): readonly number[] {
  return labels.toSorted((x, y) => {
    const [left, right] = [valueOf(x), valueOf(y)]
    if (left === null || right === null) return Number(left === null) - Number(right === null) || x - y
    return (descending ? -1 : 1) * compare(left, right) || x - y
  })
}

function compare(left: number | string, right: number | string): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  return String(left).localeCompare(String(right), 'en')
}
