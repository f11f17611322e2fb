import { Button, Chip, Group } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import type { ItemKind, TimelineItem, TimelineReply } from '#engage/timeline/contract'
import type { Refusal } from '../../shell/api.ts'
import { day, number, timeOfDay, zone } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { Empty, Failed, RowsComing } from '../../ui/state.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { Money, Pill } from '../../ui/values.tsx'
import { timelinePages } from './asks.ts'
import { channelName, iconOf, KINDS, kindName, oneName, sentenceOf, toneOf } from './item.ts'
import { ItemInspector } from './item-inspector.tsx'
import { t } from './words.ts'

const ROW_PX = 36
const NARROW_ROW_PX = 52
/** Rows from the end of what is loaded at which the next page is asked for. */
const AHEAD_ROWS = 60

/** The bank's day of an instant, as 'YYYY-MM-DD': days change at the bank's midnight. */
function dayIn(zoneName: string): (at: string) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zoneName, dateStyle: 'short' })
  return (at) => format.format(new Date(at))
}

const keyOf = ({ kind, id }: TimelineItem): string => `${kind}:${id}`

/** A customer's life on one line: every channel, the latest first, without an end. Only the rows in sight are drawn. */
export function Timeline({ id, reason }: { id: number; reason: string | undefined }) {
  const [chosenKinds, setChosenKinds] = useUrlState('kinds')
  const [open, setOpen] = useState<TimelineItem | null>(null)
  const [active, setActive] = useState(0)
  const narrow = useMediaQuery('(max-width: 48em)') ?? false
  const listId = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const kinds = chosenKinds.split(',').filter((kind): kind is ItemKind => KINDS.includes(kind as ItemKind))
  const asked = kinds.join(',')
  const pages = useInfiniteQuery<TimelineReply, Refusal>({
    ...timelinePages(id, asked, reason),
    // A day's work at one customer: what is loaded stays, the newest page is asked again on the next visit.
    refetchOnWindowFocus: false,
  })
  const items = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data])
  const days = useMemo(() => {
    const dayOf = dayIn(zone())
    return items.map(({ at }) => dayOf(at))
  }, [items])
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? NARROW_ROW_PX : ROW_PX),
    overscan: 10,
  })
  const rows = virtual.getVirtualItems()
  const last = rows.at(-1)?.index ?? 0
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= items.length - AHEAD_ROWS) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, last, items.length])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a narrow screen has higher rows.
  useEffect(() => virtual.measure(), [narrow, virtual])

  const at = Math.max(0, Math.min(active, items.length - 1))
  const go = (index: number): void => {
    const to = Math.max(0, Math.min(items.length - 1, index))
    setActive(to)
    virtual.scrollToIndex(to)
    if (open && items[to]) setOpen(items[to])
  }
  const onKey = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW_PX * 10) / ROW_PX) - 1)
    const to: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: items.length - 1,
    }
    const next = to[event.key]
    if (next !== undefined) go(next)
    else if (event.key === 'Enter' && items[at]) setOpen(items[at])
    else return
    event.preventDefault()
  }
  const toggle = (kind: ItemKind): void => {
    const next = kinds.includes(kind) ? kinds.filter((one) => one !== kind) : [...kinds, kind]
    setActive(0)
    scroller.current?.scrollTo({ top: 0 })
    setChosenKinds(KINDS.filter((one) => next.includes(one)).join(','))
  }
  return (
    <Panel
      title={t('timeline')}
      flush
      aside={
        <Group gap={6} role="group" aria-label={t('kinds')} className="know-kinds">
          {KINDS.map((kind) => (
            <Chip key={kind} size="xs" variant="outline" checked={kinds.includes(kind)} onChange={() => toggle(kind)}>
              {kindName(kind)}
            </Chip>
          ))}
        </Group>
      }
    >
      {pages.data === undefined ? (
        pages.error ? (
          <Failed failure={pages.error} onAgain={() => void pages.refetch()} />
        ) : (
          <RowsComing rows={8} height={16} />
        )
      ) : items.length === 0 ? (
        <Empty icon="event" title={t('timelineEmpty')} sentence={t('timelineEmptySentence')} />
      ) : (
        <div
          ref={scroller}
          className="know-timeline"
          data-scrolls="timeline"
          role="listbox"
          tabIndex={0}
          aria-label={`${t('timeline')}. ${t('timelineHelp')}`}
          aria-activedescendant={`${listId}-${at}`}
          onKeyDown={onKey}
        >
          <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
            {rows.map(({ index, start, size }) => {
              const item = items[index]!
              return (
                <Row
                  key={keyOf(item)}
                  id={`${listId}-${index}`}
                  item={item}
                  on={index === 0 || days[index] !== days[index - 1] ? days[index]! : ''}
                  place={index}
                  of={hasNextPage ? -1 : items.length}
                  active={index === at}
                  chosen={open !== null && keyOf(open) === keyOf(item)}
                  start={start}
                  height={size}
                  onOpen={() => {
                    setActive(index)
                    setOpen(item)
                  }}
                />
              )
            })}
          </div>
        </div>
      )}
      {items.length > 0 ? (
        <p className="know-timeline-foot ui-quiet" role="status">
          {t('loaded', { count: items.length }).replace(String(items.length), number(items.length))}
          {' · '}
          {pages.error ? (
            <Button variant="subtle" size="compact-xs" onClick={() => void fetchNextPage()}>
              {pages.error.message}
            </Button>
          ) : hasNextPage ? (
            t('loadingMore')
          ) : (
            t('theBeginning')
          )}
        </p>
      ) : null}
      {open ? (
        <ItemInspector
          item={open}
          onClose={() => {
            setOpen(null)
            scroller.current?.focus()
          }}
        />
      ) : null}
    </Panel>
  )
}

function Row({
  id,
  item,
  on,
  place,
  of,
  active,
  chosen,
  start,
  height,
  onOpen,
}: {
  id: string
  item: TimelineItem
  /** The day, on its first row; '' below. */
  on: string
  place: number
  of: number
  active: boolean
  chosen: boolean
  start: number
  height: number
  onOpen: () => void
}) {
  const state = toneOf(item)
  const { facts } = item
  const amount = item.kind === 'transaction' ? (facts.amountMinor as number) : undefined
  return (
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      aria-posinset={place + 1}
      aria-setsize={of}
      className="know-item"
      data-active={active || undefined}
      data-chosen={chosen || undefined}
      data-day={on !== '' || undefined}
      style={{ transform: `translateY(${start}px)`, height }}
      onClick={onOpen}
    >
      <span className="know-item-day">{on === '' ? '' : day(on)}</span>
      <span className="know-item-time ui-quiet">{timeOfDay(new Date(item.at)).slice(0, 5)}</span>
      <Icon name={iconOf(item)} size={14} className="ui-quiet" />
      <span className="know-item-what ui-clip">
        <span className="ui-visually-hidden">{oneName(item.kind)}: </span>
        <bdi>{sentenceOf(item)}</bdi>
      </span>
      {state ? <Pill tone={state.tone}>{state.word}</Pill> : null}
      <span className="know-item-channel ui-quiet ui-clip">
        {item.channel && item.kind !== 'consent' ? channelName(item.channel) : ''}
      </span>
      <span className="know-item-amount">
        {amount === undefined ? null : <Money minor={amount} currency={String(facts.currency)} />}
      </span>
    </div>
  )
}
