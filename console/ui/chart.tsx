import { SegmentedControl } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import './chart.css'
import { Panel } from './page.tsx'
import { words } from './words.ts'

const t = words('ui.chart', {
  picture: 'Picture',
  table: 'Table',
  as: 'Show {{title}} as',
})

/** The numbers of a chart, for whoever would rather read than look. */
export interface ChartTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly ReactNode[])[]
}

/** A picture with its sentence and its numbers: `<Chart …><Columns … /></Chart>`, or `Lines`, `Bars`, `Tree`, `Flows`. */
export function Chart({
  title,
  says,
  table,
  height = 240,
  aside,
  foot,
  children,
}: {
  title: string
  /** What one sees in it, in a sentence: the picture for whoever does not see it. */
  says: string
  table: ChartTable
  /** Of the table, at most. */
  height?: number
  aside?: ReactNode
  /** A line right below the picture, such as what its columns are of. */
  foot?: ReactNode
  children: ReactNode
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
      {table.rows.length === 0 ? null : as === 'table' ? (
        <PlainTable title={`${title}: ${t('table')}`} {...table} maxHeight={height} />
      ) : (
        children
      )}
      {as === 'picture' && table.rows.length > 0 ? foot : null}
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
