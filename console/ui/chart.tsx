import { SegmentedControl, Skeleton } from '@mantine/core'
import type { EChartsCoreOption } from 'echarts/core'
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
import './chart.css'
import { Panel } from './page.tsx'
import { words } from './words.ts'

const t = words('ui.chart', {
  picture: 'Picture',
  table: 'Table',
  as: 'Show {{title}} as',
})

const Canvas = lazy(() => import('./chart-canvas.tsx'))

/** The numbers of a chart, for whoever would rather read than look. */
export interface ChartTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly ReactNode[])[]
}

interface Pictured {
  title: string
  /** What one sees in it, in a sentence: the picture for whoever does not see it. */
  says: string
  table: ChartTable
  /** Of what is loaded to be drawn, and of the table. */
  height?: number
  aside?: ReactNode
  /** A line right below the picture, such as what its columns are of. */
  foot?: ReactNode
}
/** Drawn here: `Columns`, `Lines`, `Bars`. */
interface Drawn {
  children: ReactNode
  option?: undefined
  onPick?: undefined
}
/** Drawn by the library, which is loaded for it: what takes a layout of its own, as flows and areas within areas do. */
interface Loaded {
  children?: undefined
  option: EChartsCoreOption
  /** Told what was clicked: the series' and the item's name. */
  onPick?: (picked: { series: string; name: string; index: number }) => void
}

/**
 * A picture with its sentence and its numbers: `<Chart …><Columns … /></Chart>`. One with an `option` is loaded once it
 * comes near and nothing else is to be done. Colours in an option: none, or 'good', 'warn', 'bad', 'info', 'quiet',
 * 'accent'.
 */
export function Chart({
  title,
  says,
  option,
  table,
  height = 240,
  aside,
  onPick,
  foot,
  children,
}: Pictured & (Drawn | Loaded)) {
  const [as, setAs] = useState<'picture' | 'table'>('picture')
  return (
    <Panel
      title={title}
      aside={
        <span className="ui-chart-aside">
          {aside}
          {table.rows.length === 0 ? null : (
            <SegmentedControl
              size="xs"
              aria-label={t('as', { title })}
              value={as}
              onChange={(value) => setAs(value as typeof as)}
              data={[
                { value: 'picture', label: t('picture') },
                { value: 'table', label: t('table') },
              ]}
            />
          )}
        </span>
      }
    >
      <p className="ui-chart-says">{says}</p>
      {table.rows.length === 0 ? null : as === 'table' ? (
        <PlainTable title={`${title}: ${t('table')}`} {...table} maxHeight={height} />
      ) : option === undefined ? (
        children
      ) : (
        <WhenNear height={height}>
          <Canvas option={option} height={height} label={`${title}. ${says}`} onPick={onPick} />
        </WhenNear>
      )}
      {as === 'picture' && table.rows.length > 0 ? foot : null}
    </Panel>
  )
}

/** How far below what is seen a picture is already fetched. */
const NEAR_PIXELS = 200

/** Its place, and what stands there once it is nearly seen and nothing else is to be done. */
function WhenNear({ height, children }: { height: number; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  const [near, setNear] = useState(false)
  useEffect(() => {
    let isGone = false
    const draw = (): void => {
      if (!isGone) setNear(true)
    }
    const watcher = new IntersectionObserver(
      ([seen]) => {
        if (!seen?.isIntersecting) return
        watcher.disconnect()
        if ('requestIdleCallback' in window) requestIdleCallback(draw, { timeout: 2000 })
        else setTimeout(draw, 200)
      },
      { rootMargin: `${NEAR_PIXELS}px` },
    )
    watcher.observe(place.current!)
    return () => {
      isGone = true
      watcher.disconnect()
    }
  }, [])
  const waits = <Skeleton height={height} className="ui-chart-waits" />
  return <div ref={place}>{near ? <Suspense fallback={waits}>{children}</Suspense> : waits}</div>
}

/** A small table of a few rows, read from top to bottom. */
export function PlainTable({ title, columns, rows, maxHeight }: ChartTable & { title: string; maxHeight?: number }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section className="ui-plain" style={maxHeight ? { maxHeight } : undefined} tabIndex={0} aria-label={title}>
      <table>
        <thead>
          <tr>
            {columns.map((column, at) => (
              <th key={column} scope="col" data-number={at > 0 || undefined}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a picture have no other name.
            <tr key={at}>
              {row.map((cell, column) =>
                column === 0 ? (
                  <th key={columns[column]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={columns[column]}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
