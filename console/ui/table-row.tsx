import { memo, type ReactNode } from 'react'
import type { Column } from './table-rows.ts'

interface TableRowProps<Row> {
  id: string
  row: Row
  columns: readonly Column<Row>[]
  index: number
  startPx: number
  template: string
  active: boolean
  chosen: boolean | undefined
  opens: boolean
  onChoose: (row: Row, index: number, acts: boolean) => void
}

/** Drawn again only when something of its own changed: scrolling moves many and changes few. */
export const TableRow = memo(function TableRow<Row>(props: TableRowProps<Row>) {
  const { row, columns, index, startPx, template, active, chosen, opens, onChoose } = props
  return (
    <div
      id={props.id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={chosen}
      className="ui-grid-row ui-grid-placed"
      data-active={active || undefined}
      data-chosen={chosen || undefined}
      data-opens={opens || undefined}
      style={{ gridTemplateColumns: template, transform: `translateY(${startPx}px)` }}
      onClick={(event) => onChoose(row, index, !(event.target as HTMLElement).closest('a, button'))}
    >
      {columns.map((column) => (
        <div key={column.id} role="gridcell" className="ui-grid-cell" data-align={column.align}>
          {column.show ? column.show(row) : <bdi className="ui-clip">{String(column.value(row) ?? '–')}</bdi>}
        </div>
      ))}
    </div>
  )
}) as <Row>(props: TableRowProps<Row>) => ReactNode
