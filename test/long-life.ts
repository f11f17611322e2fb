import { addDays } from '#platform/clock'
import type { Runtime } from '#platform/runtime'

/** The last day of a long life with the bank, and the day before which its contacts lie. */
const UNTIL = '2026-03-01'
const TRANSACTIONS = 10_000
const CONTACTS = 2_000

/** Ten thousand payments on the holding over ten years, and two thousand refused contacts of its customer. */
export async function giveALongLife(rt: Runtime, { customerId, holdingId }: { customerId: number; holdingId: number }) {
  await rt.lake.insert(
    'know.account_transaction',
    Array.from({ length: TRANSACTIONS }, (_, n) => {
      const bookedOn = addDays(UNTIL, -Math.floor((n * 3650) / TRANSACTIONS))
      return {
        holding_id: holdingId,
        booked_on: bookedOn,
        transaction_id: `t${n}`,
        value_on: '2026-01-01',
        occurred_at: `${bookedOn} 12:00:00.000`,
        amount_minor: -100 - n,
        currency: 'EUR',
        kind: 'card',
        operation: 'pos',
        counterparty_key: '',
        category: 'groceries',
        balance_after_minor: n,
        status: 'booked',
        reverses: '',
        own_transfer: 0,
        customer_initiated: 1,
        feed_id: 1,
        line: n,
        digest: n,
        version: 1,
      }
    }),
    { settings: { max_partitions_per_insert_block: 0 } },
  )
  await rt.db`
    insert into know.contact (customer_id, contact_id, decision_id, direction, channel, action, treatment, class, communication,
                              state, claimed_version, claimed_at)
    select ${customerId}::bigint, ('00000000-0000-8000-8000-' || lpad(n::text, 12, '0'))::uuid, gen_random_uuid(), 'inbound', 'app',
           'goal_saver', 'goal_saver_app', 'marketing', n::text, 'refused', n,
           '2026-02-28T12:00:00Z'::timestamptz - n * interval '1 day'
      from generate_series(1, ${CONTACTS}) n`
}
