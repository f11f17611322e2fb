import { ActionIcon, Menu, TextInput } from '@mantine/core'
import { useElementSize, useMediaQuery } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useDeferredValue,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react'
import { csv, giveFile } from './csv.ts'
import './data-table.css'
import { number } from './format.ts'
import { Icon } from './icons.tsx'
import { Inspector } from './inspector.tsx'
import { Empty, Failed, type Failure, RowsComing } from './state.tsx'
import { TableRow } from './table-row.tsx'
import { type Column, columnsThatFit, leastOf, useRows } from './table-rows.ts'
import { useUrlState } from './url-state.ts'
import { SavedViews } from './views.tsx'
import { words } from './words.ts'

export type { Column } from './table-rows.ts'

const t = words('ui.table', {
  filter: 'Filter',
  filterOf: 'Filter {{title}}',
  rows_one: '{{count, number}} row',
  rows_other: '{{count, number}} rows',
  some: '{{shown}} of {{all}} rows',
  first: 'the first {{loaded}} of {{all, number}}',
  firstSome: '{{shown}} of the first {{loaded}} of {{all, number}}',
  csv: 'Export as CSV',
  columns: 'Columns',
  noneTitle: 'No row fits the filter',
  noneSentence: 'Nothing here holds “{{text}}”. Shorten it, or clear it to see all rows again.',
  sortedUp: 'sorted upwards',
  sortedDown: 'sorted downwards',
  help: 'Arrow keys walk the rows, Enter opens one.',
  details: 'Details',
  previous: 'Previous row',
  next: 'Next row',
})

const ROW_PX = 36
export interface DataTableProps<Row> {
  /** Told to screen readers, and the name of saved views and exported files: 'feeds'. */
  readonly name: string
  readonly title: string
  readonly columns: readonly Column<Row>[]
  /** undefined while they come. */
  readonly rows: readonly Row[] | undefined
  readonly rowId: (row: Row) => string
  readonly error?: Failure | null
  readonly onAgain?: () => void
  /** Where a row leads. */
  readonly open?: (row: Row) => string
  /** What explains a row at the right side, so that nobody loses their place. */
  readonly inspect?: (row: Row) => ReactNode
  readonly inspectTitle?: (row: Row) => string
  readonly empty: { title: string; sentence: string; action?: ReactNode }
  /** '-startedAt' is the latest first. */
  readonly sortedBy?: string
  /** Before the names of its parts in the address, where a page has several tables. */
  readonly prefix?: string
  /** Filters of the page's own, beside the text filter. */
  readonly filters?: ReactNode
  /** How many there are in all, where the server holds more than it has given: said beside those that are here. */
  readonly all?: number | undefined
  /** In pixels; fills the window's rest unless given. */
  readonly height?: number
  /** Where the server filters and orders: `rows` are then the first of what fits, and the next come as one nears their end. */
  readonly served?: Served | undefined
}

/** A list of which the server gives a part at a time, by the filter and the order that the address says. */
export interface Served {
  /** Asks for the next rows; undefined when there are none, or while they come. */
  readonly more: (() => void) | undefined
  /** Whether what is shown is still of another filter or order. */
  readonly coming: boolean
  /** Why the next rows did not come. */
  readonly failure: Failure | null
  /** Where all of it is as CSV; undefined for whom may not have it. */
  readonly csv: string | undefined
}
/** So many rows before the end of those that are here, the next are asked for. */
const NEAR_END = 60

/**
 * A list that can be filtered, sorted, saved as a view, linked to, exported and walked with arrow keys. What it shows is
 * in the page's address. Only the rows in sight are drawn.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { name, title, columns, rows, rowId, error, onAgain, open, inspect, empty, sortedBy = '', prefix = '' } = props
  const { served } = props
  const small = useMediaQuery('(max-width: 48em)') ?? false
  const { ref: place, width } = useElementSize<HTMLDivElement>()
  const [text, setText] = useUrlState(`${prefix}q`)
  const [sort, setSort] = useUrlState(`${prefix}sort`, sortedBy)
  const [hidden, setHidden] = useUrlState(`${prefix}hide`)
  const [chosen, setChosen] = useUrlState(`${prefix}row`, '', { opens: true })
  const asked = useDeferredValue(text)
  const hiddenIds = useMemo(() => new Set(hidden.split(',').filter(Boolean)), [hidden])
  const shownColumns = useMemo(
    () =>
      columnsThatFit(
        columns.filter(({ id, narrow = true }) => !hiddenIds.has(id) && (!small || narrow)),
        width,
      ),
    [columns, hiddenIds, small, width],
  )
  const byRows = served === undefined
  const found = useRows({ columns, rows: rows ?? NO_ROWS, rowId, text: byRows ? asked : '', sort: byRows ? sort : '' })
  const [active, setActive] = useState(0)
  const scroller = useRef<HTMLDivElement>(null)
  const gridId = useId()
  const navigate = useNavigate()
  const virtual = useVirtualizer({
    count: found.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 6,
    // React may put several scroll events into one drawing.
    useFlushSync: false,
  })
  useEffect(() => {
    setActive((before) => Math.min(before, Math.max(0, found.length - 1)))
  }, [found.length])

  const drawn = virtual.getVirtualItems()
  const nearEnd = (drawn.at(-1)?.index ?? 0) >= found.length - NEAR_END
  const more = served?.failure ? undefined : served?.more
  useEffect(() => {
    if (nearEnd) more?.()
  }, [nearEnd, more])
  // Another filter or another order is another list: it is begun at its top.
  const begun = served === undefined ? '' : `${text} ${sort}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: told by what is asked.
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 })
    setActive(0)
  }, [begun])

  const at = Math.min(active, found.length - 1)
  const go = (index: number): void => {
    const next = Math.max(0, Math.min(found.length - 1, index))
    setActive(next)
    virtual.scrollToIndex(next)
    if (chosen && inspect && found[next]) setChosen(rowId(found[next]!))
  }
  const choose = (row: Row): void => {
    if (inspect) setChosen(rowId(row))
    else if (open) void navigate({ to: open(row) })
  }
  const chooses = useRef(choose)
  chooses.current = choose
  const onRow = useCallback((row: Row, index: number, acts: boolean): void => {
    setActive(index)
    if (acts) chooses.current(row)
  }, [])
  const onKey = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget) return
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW_PX * 10) / ROW_PX) - 2)
    const to: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: found.length - 1,
    }
    const next = to[event.key]
    if (next !== undefined) go(next)
    else if ((event.key === 'Enter' || event.key === ' ') && found[at]) choose(found[at]!)
    else return
    event.preventDefault()
  }
  const template = shownColumns
    .map(({ width }) => (typeof width === 'number' ? `${width}px` : (width ?? 'minmax(96px, 1fr)')))
    .join(' ')
  const least = shownColumns.reduce((sum, column) => sum + leastOf(column), 0)
  const chosenRow = chosen && inspect ? (rows ?? NO_ROWS).find((row) => rowId(row) === chosen) : undefined
  const chosenAt = chosenRow === undefined ? -1 : found.indexOf(chosenRow as Row)

  const exportCsv = (): void =>
    giveFile(
      `${name}.csv`,
      csv([columns.map((column) => column.title), ...found.map((row) => columns.map((column) => column.value(row)))]),
    )

  return (
    <div className="ui-table" ref={place}>
      <div className="ui-table-bar">
        <TextInput
          type="search"
          size="sm"
          className="ui-table-filter"
          placeholder={t('filter')}
          aria-label={t('filterOf', { title })}
          leftSection={<Icon name="filter" />}
          value={text}
          maxLength={200}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {props.filters}
        <span className="ui-table-count" role="status">
          {rows === undefined
            ? ''
            : props.all !== undefined && props.all > rows.length
              ? t(found.length === rows.length ? 'first' : 'firstSome', {
                  shown: number(found.length),
                  loaded: number(rows.length),
                  all: props.all,
                })
              : found.length === rows.length
                ? t('rows', { count: rows.length })
                : t('some', { shown: number(found.length), all: number(rows.length) })}
        </span>
        <div className="ui-table-tools">
          <SavedViews name={name} />
          <Menu closeOnItemClick={false} position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="default" size={32} title={t('columns')} aria-label={t('columns')}>
                <Icon name="columns" />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {columns.map(({ id, title: columnTitle }) => (
                <Menu.CheckboxItem
                  key={id}
                  checked={!hiddenIds.has(id)}
                  onChange={() => {
                    const next = new Set(hiddenIds)
                    if (!next.delete(id)) next.add(id)
                    setHidden([...next].join(','))
                  }}
                >
                  {columnTitle}
                </Menu.CheckboxItem>
              ))}
            </Menu.Dropdown>
          </Menu>

          {served === undefined ? (
            <ActionIcon
              variant="default"
              size={32}
              title={t('csv')}
              aria-label={t('csv')}
              onClick={exportCsv}
              disabled={found.length === 0}
            >
              <Icon name="download" />
            </ActionIcon>
          ) : served.csv ? (
            <ActionIcon
              component="a"
              href={served.csv}
              download={`${name}.csv`}
              variant="default"
              size={32}
              title={t('csv')}
              aria-label={t('csv')}
            >
              <Icon name="download" />
            </ActionIcon>
          ) : null}
        </div>
      </div>
      {error && rows === undefined ? (
        <Failed failure={error} onAgain={onAgain} />
      ) : rows === undefined ? (
        <RowsComing />
      ) : rows.length === 0 && (byRows || text === '') ? (
        <Empty {...empty} />
      ) : found.length === 0 ? (
        <Empty icon="filter" title={t('noneTitle')} sentence={t('noneSentence', { text: asked })} />
      ) : (
        <div
          ref={scroller}
          className="ui-grid"
          role="grid"
          tabIndex={0}
          aria-label={`${title}. ${t('help')}`}
          aria-rowcount={Math.max(found.length, props.all ?? 0) + 1}
          aria-busy={served?.coming}
          aria-activedescendant={`${gridId}-${at}`}
          onKeyDown={onKey}
          style={props.height ? { maxHeight: props.height } : undefined}
        >
          <div role="rowgroup" className="ui-grid-head" style={{ minWidth: least }}>
            <div role="row" aria-rowindex={1} className="ui-grid-row" style={{ gridTemplateColumns: template }}>
              {shownColumns.map(({ id, title: columnTitle, align }) => {
                const way = sort === id ? 'ascending' : sort === `-${id}` ? 'descending' : undefined
                return (
                  <div
                    key={id}
                    role="columnheader"
                    aria-sort={way ?? 'none'}
                    className="ui-grid-cell"
                    data-align={align}
                  >
                    <button
                      type="button"
                      className="ui-grid-sort"
                      onClick={() =>
                        setSort(
                          way === 'ascending' ? `-${id}` : way === 'descending' && sortedBy !== `-${id}` ? '' : id,
                        )
                      }
                    >
                      <span className="ui-clip">{columnTitle}</span>
                      {way ? <Icon name={way === 'ascending' ? 'up' : 'down'} size={12} /> : null}
                    </button>
                  </div>
                )
              })}
            </div>
          </div>
          <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative', minWidth: least }}>
            {drawn.map(({ index, start }) => {
              const row = found[index]!
              const id = rowId(row)
              return (
                <TableRow
                  key={id}
                  id={`${gridId}-${index}`}
                  row={row}
                  columns={shownColumns}
                  index={index}
                  startPx={start}
                  template={template}
                  active={index === at}
                  chosen={inspect ? id === chosen : undefined}
                  opens={open !== undefined || inspect !== undefined}
                  onChoose={onRow}
                />
              )
            })}
          </div>
        </div>
      )}
      {served?.failure && rows !== undefined ? <Failed failure={served.failure} onAgain={served.more} /> : null}
      {chosenRow !== undefined && inspect ? (
        <Inspector
          title={props.inspectTitle?.(chosenRow) ?? t('details')}
          onClose={() => {
            setChosen('')
            scroller.current?.focus()
          }}
          tools={
            <>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('previous')}
                disabled={chosenAt <= 0}
                onClick={() => go(chosenAt - 1)}
              >
                <Icon name="up" />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('next')}
                disabled={chosenAt < 0 || chosenAt >= found.length - 1}
                onClick={() => go(chosenAt + 1)}
              >
                <Icon name="down" />
              </ActionIcon>
            </>
          }
        >
          {inspect(chosenRow)}
        </Inspector>
      ) : null}
    </div>
  )
}

const NO_ROWS: never[] = []
