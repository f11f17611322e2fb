import type { Runtime } from '#platform/runtime'

/** Who has ten thousand transactions and two thousand contacts with their answers. */
export const HEAVY_CUSTOMER = 2
const TRANSACTIONS = 10_000
const CONTACTS = 2_000

/** Gives one customer of the bank of bench/decisions a long life with it. */
export async function giveAFullLife({ db, lake }: Runtime, progress: (sentence: string) => void): Promise<void> {
  progress(`${TRANSACTIONS} transactions and ${CONTACTS} contacts of one customer`)
  await lake.command(
    `insert into know.account_transaction
     select ${HEAVY_CUSTOMER}, today() - intDiv(number, 14) as d, concat('full-', toString(number)), d,
            toDateTime64(d, 3, 'UTC') + toIntervalMinute(number % 1400),
            -toInt64(300 + cityHash64(number) % 9000), 'EUR', 'card', '', '',
            ['groceries', 'travel', 'fuel', 'eating_out', 'shopping'][number % 5 + 1],
            NULL, 'booked', '', 0, 1, 1, number, number, 1
       from numbers(${TRANSACTIONS})`,
  )
  await db`
    insert into know.contact (customer_id, contact_id, direction, channel, issue, action_group, action, treatment, class,
                              communication, step, state, source, claimed_version, claimed_at, settled_at)
    select ${HEAVY_CUSTOMER}, md5('full ' || n)::uuid, 'inbound', 'app', 'bench', 'bench', 'bench', 'bench', 'service',
           'full ' || n, 0, 'clicked', 'bench', 1, now() - make_interval(hours => n), now() - make_interval(hours => n)
      from generate_series(1, ${CONTACTS}) n`
  await db`
    insert into know.response (customer_id, response_id, contact_id, kind, channel, idempotency_key, digest, version,
                               occurred_at, recorded_at)
    select c.customer_id, md5('answer ' || c.communication)::uuid, c.contact_id, 'click', 'app', c.communication, 'bench', 1,
           c.claimed_at, c.claimed_at
      from know.contact c
     where c.customer_id = ${HEAVY_CUSTOMER} and c.source = 'bench'`
}
