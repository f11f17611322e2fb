import { notFound } from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { record } from '#trust/audit'
import type { Feed, QuarantinedRow } from '../contract.ts'
import { feedOf } from '../index.ts'
import { quarantineReasons } from '../store.ts'
import * as store from './store.ts'

/** The latest feeds, newest first, a page of at most 500 at a time; `next` is the `before` of the following page. */
export async function listFeeds(rt: Runtime, asked: store.FeedsAsked): Promise<{ feeds: Feed[]; next: number | null }> {
  const feeds = await store.findFeeds(rt.db, { ...asked, limit: asked.limit + 1 })
  const page = feeds.slice(0, asked.limit)
  return { feeds: page, next: feeds.length > asked.limit ? page.at(-1)!.feedId : null }
}

interface Quarantine {
  reasons: { reason: string; rows: number }[]
  rows: QuarantinedRow[]
}

/** Rows in quarantine with their reasons, after a line, and how many there are of each reason. */
export async function quarantineOf(
  rt: Runtime,
  feedId: number,
  after = 0,
  limit = 100,
  reason?: string,
): Promise<Quarantine> {
  await feedOf(rt, feedId)
  const [reasons, rows] = await Promise.all([
    quarantineReasons(rt.db, feedId),
    store.quarantinedRows(rt.db, feedId, { after, limit, reason }),
  ])
  return { reasons, rows }
}

/** The same for a person to read: the rows are as the source wrote them, so the look goes on record. */
export async function viewQuarantine(
  rt: Runtime,
  {
    feedId,
    after = 0,
    limit = 100,
    reason,
    actor,
  }: {
    feedId: number
    after?: number | undefined
    limit?: number | undefined
    reason?: string | undefined
    actor: Actor
  },
): Promise<Quarantine> {
  const found = await quarantineOf(rt, feedId, after, limit, reason)
  const facts = { rows: found.rows.length }
  if (found.rows.length > 0)
    await record(rt, { actor, action: 'know.sources:quarantine_viewed', subject: String(feedId), facts })
  return found
}

/** One row in quarantine, with why it is there. Errors: `row_not_in_quarantine` (not found). */
export async function quarantinedLine(
  rt: Runtime,
  feedId: number,
  line: number,
  actor: Actor,
): Promise<QuarantinedRow> {
  const row = await store.quarantinedRow(rt.db, feedId, line)
  if (!row)
    throw notFound(
      'row_not_in_quarantine',
      { feedId, line },
      'This row is not in quarantine; it may have been given again.',
      'List the rows of the feed that are.',
    )
  await record(rt, { actor, action: 'know.sources:quarantine_viewed', subject: String(feedId), facts: { line } })
  return row
}
