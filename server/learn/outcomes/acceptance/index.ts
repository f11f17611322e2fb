import { shareInterval } from '#decide/arbitration'
import { loadFacts } from '#know/attributes'
import { todayOf } from '#know/customers'
import { segmentsOf } from '#know/segments'
import { invalid } from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import { activeRevision, bankOf, documentsOf, type Revision } from '#trust/playbook'
import type { AcceptanceQuery, AcceptanceReply } from '../contract.ts'
import { startOfDay } from '../store.ts'

import * as store from './store.ts'

const PERIOD_DAYS = 90
const DAY_MS = 86_400_000
/** More customers than this are judged by an even sample when asked for by segment. */
const CUSTOMERS_MAX = 20_000
const CUSTOMERS_PER_READ = 1_000

/**
 * What became of the contacts of a period, by what is asked for, with the share accepted of those seen and its 95 %
 * interval. A segment is that of today; a customer counts in each they belong to. From 90 days ago unless said otherwise.
 */
export async function acceptanceBy(
  rt: Runtime,
  query: AcceptanceQuery,
  signal?: AbortSignal,
): Promise<AcceptanceReply> {
  const revision = await activeRevision(rt)
  const { zone } = bankOf(revision)
  const now = rt.clock.now()
  const from = query.from ? await startOfDay(rt.db, query.from, zone) : new Date(now.getTime() - PERIOD_DAYS * DAY_MS)
  const to = query.to ? await startOfDay(rt.db, query.to, zone) : new Date(now.getTime() + 1)
  // In a zone east of Greenwich the first day of the year 1 begins before it, where no instant can be told.
  if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime()) || from >= to)
    throw invalid('period_empty', { from: query.from, to: query.to }, 'The period ends before it begins.', 'Turn them.')
  const asked = { from, to, zone, action: query.action, channel: query.channel }
  const told = { asOf: now.toISOString(), by: query.by, from: from.toISOString(), to: to.toISOString() }
  if (query.by === 'segment') {
    const { lines, customersTried, ofCustomers } = await bySegment(rt, revision, asked, signal)
    return {
      ...told,
      lines: lines.map((line) => lineOf(line, titleIn(revision, 'segment'))),
      customersTried,
      ofCustomers,
    }
  }
  const rows = await store.tallyBy(rt.db, query.by, asked)
  const title =
    query.by === 'day' || query.by === 'week' || query.by === 'month' ? undefined : titleIn(revision, query.by)
  return { ...told, lines: rows.map((row) => lineOf(row, title)), customersTried: null, ofCustomers: null }
}

const titleIn = (revision: Revision, kind: string) => {
  const titles = new Map(documentsOf<{ id: string; title: string }>(revision, kind).map(({ id, title }) => [id, title]))
  return (id: string) => titles.get(id)
}

const lineOf = (row: store.Tally & { key: string }, title?: (id: string) => string | undefined) => ({
  ...row,
  title: title?.(row.key) ?? row.key,
  rate: row.seen > 0 ? row.accepted / row.seen : null,
  interval: shareInterval(row.accepted, row.seen),
})

async function bySegment(rt: Runtime, revision: Revision, asked: store.Asked, signal?: AbortSignal) {
  const rows = await store.tallyByCustomer(rt.db, asked, CUSTOMERS_MAX)
  const today = await todayOf(rt, asked.zone)
  const sums = new Map<string, store.Tally & { key: string }>()
  for (let at = 0; at < rows.length; at += CUSTOMERS_PER_READ) {
    signal?.throwIfAborted()
    const some = rows.slice(at, at + CUSTOMERS_PER_READ)
    const facts = await loadFacts(
      rt,
      some.map(({ customerId }) => customerId),
      revision,
    )
    for (const { customerId, ofCustomers: _, ...tally } of some) {
      const known = facts.get(customerId)
      if (!known) continue
      for (const key of segmentsOf(revision, known.attributes, today)) sums.set(key, added(sums.get(key), key, tally))
    }
  }
  const lines = [...sums.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  return { lines, customersTried: rows.length, ofCustomers: rows[0]?.ofCustomers ?? 0 }
}

const added = (sum: (store.Tally & { key: string }) | undefined, key: string, more: store.Tally) => {
  const next = {
    key,
    ...(sum ?? { ...more, contacts: 0, seen: 0, clicked: 0, accepted: 0, refused: 0, deferred: 0, declinedForGood: 0 }),
  }
  next.contacts += more.contacts
  next.seen += more.seen
  next.clicked += more.clicked
  next.accepted += more.accepted
  next.refused += more.refused
  next.deferred += more.deferred
  next.declinedForGood += more.declinedForGood
  return next
}
