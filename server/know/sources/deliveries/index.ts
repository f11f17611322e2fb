import type { Runtime } from '#platform/runtime'
import { canonical, documentsOf, revisionById } from '#trust/playbook'
import type { Feed, Source } from '../contract.ts'
import * as store from './store.ts'

/** A file that was applied before and lies where it lay. */
export interface Delivery {
  feed: Feed
  /** Its mapping says something else now: it is to be read again, as what it was on its own business date. */
  mappingChanged: boolean
  /** Rows of it wait in quarantine that could be fine now. */
  rowsWait: boolean
}

/**
 * The feed of this very file when it was applied before: by the same mapping nothing of it is read again, whatever the
 * date is now. Yesterday's file in the folder is not today's: its values are those of its own business date, and it does
 * not make its source be on time. Undefined when the file is new.
 * @param confirmedOn the business date that the sender's control file tells now, if any: up to then nothing changed.
 */
export async function deliveredBefore(
  rt: Runtime,
  source: Source,
  file: { name: string; sha256: string; asOf: string | null; confirmedOn: string | null },
): Promise<Delivery | undefined> {
  const found = await store.findDelivery(rt.db, source.id, file.name, file.sha256)
  if (!found) return undefined
  const { revision, ...feed } = found
  const then = documentsOf<Source>(await revisionById(rt, revision), 'source').find(({ id }) => id === source.id)
  if (canonical(then ?? null) !== canonical(source)) return { feed, mappingChanged: true, rowsWait: false }
  if (file.confirmedOn !== null && file.confirmedOn > feed.businessOn) {
    await store.confirm(rt.db, feed.feedId, file.confirmedOn)
    feed.businessOn = file.confirmedOn
  }
  const laterNow = feed.asOf !== null && (file.asOf === null || file.asOf > feed.asOf)
  return { feed, mappingChanged: false, rowsWait: await store.someWait(rt.db, feed.feedId, laterNow) }
}
