import type { Db } from '#platform/postgres'
import type { Feed } from '../contract.ts'
import { FEED } from '../store.ts'

/** The latest applied feed of a file of this name and content, with the revision by whose mapping it was read. */
export const findDelivery = async (db: Db, source: string, fileName: string, fileSha256: string) =>
  (
    await db.unsafe<(Feed & { revision: string })[]>(
      `select ${FEED}, f.revision from know.feed f
        where f.source = $1 and f.file_name = $2 and f.file_sha256 = $3 and f.state = 'applied'
        order by f.feed_id desc limit 1`,
      [source, fileName, fileSha256],
    )
  )[0]

/** Whether rows wait that could be fine now: those too late for another date, or whose key nobody knew. */
export const someWait = async (db: Db, feedId: number, laterNow: boolean): Promise<boolean> =>
  (
    await db`
      select 1 from know.feed_row_quarantine q
       where q.feed_id = ${feedId} and q.settled_at is null
         and (q.reason in ('unknown_key', 'missing_value') or (${laterNow} and q.reason = 'after_cut_off')) limit 1`
  ).length > 0

/** The sender says that what came before is still so on a later date. */
export const confirm = (db: Db, feedId: number, businessOn: string) => db`
  update know.feed f set business_on = ${businessOn} where f.feed_id = ${feedId} and f.business_on < ${businessOn}`
