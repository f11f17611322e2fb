import { SegmentedControl, Skeleton } from '@mantine/core'
import type { EChartsCoreOption } from 'echarts/core'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import './chart.css'
import { Panel } from './page.tsx'
import { words } from './words.ts'

const t = words('ui.chart', {
  picture: 'Picture',
  table: 'Table',
  as: 'Show {{title}} as',
})

/** Once nothing else is to be done: the sentence and the figures of a page come before its pictures. */
const idle = (): Promise<void> =>
  new Promise((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: 2000 })
    else setTimeout(resolve, 200)
  })

const Canvas = lazy(() => idle().then(() => import('./chart-canvas.tsx')))

/** The numbers of a chart, for whoever would rather read than look. */
export interface ChartTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly ReactNode[])[]
}

/**
 * A picture with its sentence and its numbers. The picture's code is loaded after all else of the page, when the first one is drawn. Colours: take
 * none, or 'good', 'warn', 'bad', 'info', 'quiet', 'accent' wherever the option takes a colour.
 */
export function Chart({
  title,
  says,
  option,
  table,
  height = 240,
  aside,
  onPick,
}: {
  title: string
  /** What one sees in it, in a sentence: the picture for whoever does not see it. */
  says: string
  option: EChartsCoreOption
  table: ChartTable
  height?: number
  aside?: ReactNode
  /** Told what was clicked: the series' and the item's name. */
  onPick?: (picked: { series: string; name: string; index: number }) => void
}) {
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
      {table.rows.length === 0 ? null : as === 'picture' ? (
        <Suspense fallback={<Skeleton height={height} className="ui-chart-waits" />}>
          <Canvas option={option} height={height} label={`${title}. ${says}`} onPick={onPick} />
        </Suspense>
      ) : (
        <PlainTable title={`${title}: ${t('table')}`} {...table} maxHeight={height} />
      )}
    </Panel>
  )
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
