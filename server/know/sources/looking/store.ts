import type { Db } from '#platform/postgres'
import type { Feed, QuarantinedRow } from '../contract.ts'
import { FEED } from '../store.ts'

export interface FeedsAsked {
  source?: string | undefined
  state?: string | undefined
  quarantined?: boolean | undefined
  before?: number | undefined
  limit: number
}

export const findFeeds = (db: Db, { source, state, quarantined, before, limit }: FeedsAsked): Promise<Feed[]> =>
  db.unsafe<Feed[]>(
    `select ${FEED} from know.feed f
      where ($2::text is null or f.source = $2) and ($3::text is null or f.state = $3) and ($4::bigint is null or f.feed_id < $4)
        and (not $5::boolean or exists (select from know.feed_row_quarantine q where q.feed_id = f.feed_id and q.settled_at is null))
      order by f.feed_id desc limit $1`,
    [limit, source ?? null, state ?? null, before ?? null, quarantined ?? false],
  )

export const quarantinedRow = async (db: Db, feedId: number, line: number): Promise<QuarantinedRow | undefined> =>
  (
    await db<QuarantinedRow[]>`
      select q.feed_id as "feedId", q.line, q.reason, q.field, q.found, q.expected, q.raw
        from know.feed_row_quarantine q
       where q.feed_id = ${feedId} and q.line = ${line} and q.settled_at is null`
  )[0]

export const quarantinedRows = (
  db: Db,
  feedId: number,
  { after, limit, reason }: { after: number; limit: number; reason?: string | undefined },
): Promise<QuarantinedRow[]> =>
  db<QuarantinedRow[]>`
    select q.feed_id as "feedId", q.line, q.reason, q.field, q.found, q.expected, q.raw
      from know.feed_row_quarantine q
     where q.feed_id = ${feedId} and q.line > ${after} and q.settled_at is null
       and ${reason === undefined ? db`true` : db`q.reason = ${reason}`}
     order by q.line limit ${limit}`
