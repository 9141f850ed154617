// Accuracy against depth, with identity mappings and without: each point of all its seeds.
import { useMemo } from 'react'
import type { DepthPoint, DepthSweep } from '../../runs/depth-sweep.ts'
import type { Curve } from '../../runs/series.ts'
import { depthSlopesText } from '../../runs/statistics/format-comparison.ts'
import { extent, linearAxis } from '../charts/plot/axis.ts'
import { bandOf } from '../charts/plot/band.ts'
import type { LineStyle } from '../charts/chart-types.ts'
import { plain } from '../charts/curve-values.ts'
import { LineSample } from '../charts/plot/line-sample.tsx'
import { Plot } from '../charts/plot/plot.tsx'
import type { ChartLine } from '../charts/run-curves.ts'
import { useWidth } from '../charts/use-width.ts'
import { ChartDrawing } from '../charts/chart-drawing.tsx'
import { SaveDrawing } from '../drawings/save-drawing.tsx'
import { accuracyText } from './compared-table.tsx'
import tableStyles from './compared-table.module.css'
import styles from './compare-view.module.css'

const TITLE = 'Accuracy against depth'
const HEIGHT = 240
const Y_TICKS = 4
/** Room beside the first and the last depth, as a share of what lies between. */
const MARGIN_SHARE = 0.05

const SIDES = [
  {
    identity: true,
    style: { run: 'with', label: 'With identity', description: '', colour: 'a', dashed: false },
  },
  {
    identity: false,
    style: { run: 'without', label: 'Without identity', description: '', colour: 'b', dashed: true },
  },
] as const satisfies readonly { identity: boolean; style: LineStyle }[]

const PARTS = [{ part: 'test', text: '' }] as const
const LEGEND = SIDES.map(({ style }) => ({ series: style, metrics: {} }))

export function DepthChart({ sweep }: { readonly sweep: DepthSweep }) {
  const { points, epoch, slopes } = sweep
  const { ref, width } = useWidth<HTMLDivElement>()
  const depths = useMemo(() => [...new Set(points.map(({ depth }) => depth))], [points])
  const lines = useMemo(() => linesOf(points), [points])
  const { x, y } = useMemo(() => axesOf(depths, lines), [depths, lines])
  return (
    <section className={styles.part} aria-label={TITLE}>
      <header className={styles.heading}>
        <h3 className={styles.title}>
          {TITLE}{' '}
          <span className={styles.note}>test accuracy in %, after epoch {epoch}, by weight layers</span>
        </h3>
        <SaveDrawing
          what="accuracy against depth"
          fileName="residual-lab-depth"
          drawing={ChartDrawing}
          content={{
            lines,
            x,
            y,
            title: TITLE,
            unit: `test accuracy in %, after epoch ${epoch}`,
            xUnit: 'weight layers',
            writeX: plain,
            writeY: plain,
            stairs: false,
            parts: PARTS,
            legend: LEGEND,
            notes: [`Runs per point: ${runsOfPoints(points)}. Bands show ± 1 standard deviation.`],
          }}
        />
      </header>
      <div ref={ref} style={{ height: HEIGHT }}>
        {width > 0 && (
          <Plot {...{ lines, x, y, width }} writeX={plain} writeY={plain} stairs={false} height={HEIGHT} />
        )}
      </div>
      {slopes && <p>{depthSlopesText(slopes)}</p>}
      <DepthTable points={points} depths={depths} />
    </section>
  )
}

/** "3", or "1 to 3" */
function runsOfPoints(points: readonly DepthPoint[]): string {
  const counts = points.map(({ accuracy }) => accuracy.n)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  return least === most ? `${least}` : `${least} to ${most}`
}

function DepthTable({
  points,
  depths,
}: {
  readonly points: readonly DepthPoint[]
  readonly depths: readonly number[]
}) {
  const text = (depth: number, identity: boolean) =>
    accuracyText(
      points.find((point) => point.depth === depth && point.identity === identity)?.accuracy ?? null,
    )
  return (
    <table className={tableStyles.table} aria-label="Accuracy by depth">
      <thead>
        <tr>
          <th scope="col">Layers</th>
          {SIDES.map(({ style }) => (
            <th key={style.run} scope="col">
              <LineSample colour={style.colour} dashed={style.dashed} part="test" /> {style.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {depths.map((depth) => (
          <tr key={depth}>
            <th scope="row">{depth}</th>
            {SIDES.map(({ identity, style }) => (
              <td key={style.run}>{text(depth, identity)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function linesOf(points: readonly DepthPoint[]): ChartLine[] {
  return SIDES.map(({ identity, style }) => {
    const side = points.filter((point) => point.identity === identity)
    const column = (metric: (point: DepthPoint) => number) => Float64Array.from(side, metric)
    const curve: Curve = {
      x: column(({ depth }) => depth),
      y: column(({ accuracy }) => accuracy.mean),
      spread: {
        sd: column(({ accuracy }) => accuracy.sd ?? Number.NaN),
        n: column(({ accuracy }) => accuracy.n),
      },
    }
    return { key: style.run, series: style, part: 'test', curve }
  })
}

function axesOf(depths: readonly number[], lines: readonly ChartLine[]) {
  const [low, high] = [Math.min(...depths), Math.max(...depths)]
  const margin = (high - low) * MARGIN_SHARE
  const accuracies = extent(
    lines.flatMap(({ curve }) => [curve.y, ...Object.values(bandOf(curve, { low: 0, high: 100 }) ?? {})]),
    false,
  )
  return {
    x: { domain: { low: low - margin, high: high + margin }, ticks: depths, scale: 'linear' },
    y: { ...linearAxis(accuracies ?? { low: 0, high: 100 }, Y_TICKS), scale: 'linear' },
  } as const
}
