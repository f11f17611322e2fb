import {
  columnFilteringFeature,
  createFilteredRowModel,
  createSortedRowModel,
  globalFilteringFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { type ReactNode, useMemo } from 'react'

export type Cell = string | number | boolean | null | undefined

/** One column: what it is sorted, filtered and exported by, and how it is shown. */
export interface Column<Row> {
  readonly id: string
  readonly title: string
  readonly value: (row: Row) => Cell
  readonly show?: (row: Row) => ReactNode
  /** Pixels, or a track such as '2fr'. */
  readonly width?: number | string
  readonly align?: 'end'
  /** Whether it is there at 390 pixels; true unless said. */
  readonly narrow?: boolean
}

const features = tableFeatures({
  columnFilteringFeature,
  globalFilteringFeature,
  rowSortingFeature,
  filteredRowModel: createFilteredRowModel(),
  sortedRowModel: createSortedRowModel(),
})

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** Absent values last, numbers by size, words as people order them. */
export function compareCells(a: Cell, b: Cell): number {
  if (a === null || a === undefined || a === '') return b === null || b === undefined || b === '' ? 0 : 1
  if (b === null || b === undefined || b === '') return -1
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return collator.compare(String(a), String(b))
}

/** Folded so that "Jose" finds "José". */
const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** The rows that fit the filter, in their order. Every word of the filter must be in some column. */
export function useRows<Row>({
  columns,
  rows,
  rowId,
  text,
  sort,
}: {
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowId: (row: Row) => string
  text: string
  sort: string
}): readonly Row[] {
  const wanted = useMemo(() => fold(text).split(/\s+/).filter(Boolean), [text])
  // One text per row, made once: a filter over ten thousand rows is then ten thousand searches and no more.
  const texts = useMemo(
    () => new Map(rows.map((row) => [row, fold(columns.map(({ value }) => value(row) ?? '').join('\u0001'))])),
    [rows, columns],
  )
  const definitions = useMemo(
    () =>
      columns.map(({ id, value }) => ({
        id,
        accessorFn: value,
        sortFn: (a: { original: unknown }, b: { original: unknown }) =>
          compareCells(value(a.original as Row), value(b.original as Row)),
        sortUndefined: false as const,
      })),
    [columns],
  )
  const first = columns[0]?.id
  const sorting = useMemo(
    () => (sort === '' ? [] : [{ id: sort.replace(/^-/, ''), desc: sort.startsWith('-') }]),
    [sort],
  )
  const table = useTable({
    features,
    columns: definitions as never,
    data: rows as never,
    getRowId: rowId as never,
    state: { sorting: sorting.filter(({ id }) => columns.some((column) => column.id === id)), globalFilter: wanted },
    // One column stands for the row: the filter looks at the row's whole text.
    getColumnCanGlobalFilter: ((column: { id: string }) => column.id === first) as never,
    globalFilterFn: ((row: { original: Row }) => {
      const found = texts.get(row.original) ?? ''
      return wanted.every((word) => found.includes(word))
    }) as never,
  } as never) as unknown as { getRowModel(): { rows: { original: Row }[] } }
  const model = table.getRowModel().rows
  return useMemo(() => model.map(({ original }) => original), [model])
}

/** What a column of no fixed width needs at least. */
const COLUMN_PX = 110

export const leastOf = ({ width }: Pick<Column<never>, 'width'>): number =>
  typeof width === 'number' ? width : Number(/^minmax\((\d+)px/.exec(width ?? '')?.[1] ?? COLUMN_PX)

/** The columns for which there is room, the last of those that may be missing left out first; all before it is known. */
export function columnsThatFit<Row>(columns: readonly Column<Row>[], room: number): readonly Column<Row>[] {
  let shown = columns
  const needs = (): number => shown.reduce((sum, column) => sum + leastOf(column), 0)
  while (room > 0 && needs() > room) {
    // Half a column says nothing: the last goes too, and stands where the row opens.
    const spare = shown.findLast(({ narrow = true }) => !narrow) ?? (shown.length > 2 ? shown.at(-1) : undefined)
    if (spare === undefined) break
    shown = shown.filter((column) => column !== spare)
  }
  return shown
}
