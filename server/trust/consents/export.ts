import { forbidden } from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { csvLine, record } from '#trust/audit'
import type { Purpose } from './contract.ts'
import * as store from './store.ts'

const ROWS_MAX = 100_000
const COLUMNS = [
  'customerId',
  'version',
  'purpose',
  'channel',
  'state',
  'how',
  'where',
  'textVersion',
  'said',
  'reference',
  'occurredAt',
  'endsOn',
  'recordedBy',
  'recordedAt',
]

/**
 * What customers said about the use of their data, with its evidence, as CSV that no spreadsheet runs; at most 100,000
 * records, the newest first. For whoever answers for the whole bank, and never of their own record. Taking it is on record.
 */
export async function exportConsents(
  rt: Runtime,
  { from, to, purpose, actor }: { from: Date; to: Date; purpose?: Purpose | undefined; actor: Actor },
): Promise<string> {
  if (actor.scope !== 'all')
    throw forbidden(
      'whole_bank_needed',
      {},
      'This is of the whole bank, and you answer for a part of it.',
      'Look at single customers, or ask somebody who answers for the whole bank.',
    )
  const rows = await store.readRecords(rt.db, { from, to, purpose, without: actor.customerId, limit: ROWS_MAX })
  await record(rt, {
    actor,
    action: 'trust.consents:exported',
    facts: { records: rows.length, from: from.toISOString(), to: to.toISOString() },
  })
  const lines = rows.map(({ evidence, recordedAt, ...row }) => {
    const flat: Record<string, unknown> = { ...evidence, ...row, recordedAt: recordedAt.toISOString() }
    return csvLine(COLUMNS.map((column) => flat[column]))
  })
  return csvLine(COLUMNS) + lines.join('')
}
