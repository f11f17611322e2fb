/** The bank of bench/decisions: a million people with accounts, transactions, consents, arms and attributes. */
import { assignAll } from '#decide/experiments'
import { computeAttributes } from '#know/attributes'
import { type Runtime, transaction } from '#platform/runtime'
import { systemActor } from '#trust/access'
import { activateFolder, documentsOf } from '#trust/playbook'

/** Filled by the stores themselves: what is measured is asking, not loading. */
export async function fillBank(rt: Runtime, customers: number, progress: (sentence: string) => void): Promise<void> {
  const folder = new URL('../playbooks/riverside', import.meta.url).pathname
  const revision = await activateFolder(rt, folder, systemActor('bench'))
  const { db, lake } = rt
  progress(`${customers} customers`)
  const inBulk = (fill: (db: Runtime['db']) => Promise<unknown>) =>
    transaction(rt, async ({ db }) => {
      await db`select know.living_of_everybody()`
      await fill(db)
    })
  await inBulk(
    (db) => db`
    insert into know.customer (customer_id, birth_on, since_on, language, household_id, stage, source)
    select n, date '1938-01-01' + (hashint8(n) & 32767) % 28000, date '2010-01-01' + (hashint8(n + 7) & 4095), 'en',
           (n * 62) / 100 + 1, 'customer', 'bench'
      from generate_series(1, ${customers}) n`,
  )
  await inBulk(
    (db) => db`
    insert into know.holding (customer_id, holding_id, product, currency, opened_on, balance_minor, balance_on, source)
    select n, n, 'everyday_account', 'EUR', date '2015-01-01', (hashint8(n) & 1048575), current_date, 'bench'
      from generate_series(1, ${customers}) n
     union all
    select n, 10000000 + n, case when n % 9 = 0 then 'easy_saver' else 'credit_card' end, 'EUR', date '2018-01-01',
           (hashint8(n) & 4194303), current_date, 'bench'
      from generate_series(1, ${customers}) n
     where n % 3 = 0`,
  )
  await inBulk(
    (db) => db`
    insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id, source)
    select h.customer_id, h.holding_id, 'owner', 'sole', 10000, h.opened_on, h.customer_id, 'bench' from know.holding h`,
  )
  await inBulk(
    (db) => db`
    insert into know.standing (customer_id, standing_id, standing, effect, from_on, reason, source, noted_by, noted_at)
    select n, gen_random_uuid(), 'support_need', 'no_credit', current_date - 30, 'bench', 'bench', 'bench', now()
      from generate_series(1, ${customers}, 40) n`,
  )
  progress('consents and arms')
  await db`
    insert into trust.consent (customer_id, version, email, sms, recorded_at)
    select n, 1, case when n % 100 < 58 then 'given' end, case when n % 100 > 58 then 'given' end, now()
      from generate_series(1, ${customers}) n`
  await db`insert into platform.stream (customer_id, version) select n, 1 from generate_series(1, ${customers}) n`
  await assignAll(rt, revision.documents)
  // An action waits for the files that deliver what it reads: all have come.
  const sources = documentsOf<{ id: string }>(revision, 'source').map(({ id }) => id)
  await db`
    insert into know.feed (source, revision, business_on, file_name, file_sha256, file_bytes, state, given_by, given_at, settled_at)
    select s, ${revision.id}, current_date, s, md5(s), 1, 'applied', 'bench', now(), now()
      from unnest(${sources}::text[]) s`
  progress('ten transactions each')
  await lake.command(`
    insert into know.holding_of
    select number + 1, number + 1, 'owner', 'sole', 10000, '2015-01-01', '2299-12-31', 'everyday_account', 'EUR', '2015-01-01', '2299-12-31'
      from numbers(${customers})`)
  await lake.command(
    `
    insert into know.account_transaction
    select number % ${customers} + 1, today() - (cityHash64(number) % 85) as d, toString(number), d,
           toDateTime64(d, 3, 'UTC') + toIntervalHour(9),
           if(number % 10 = 0, 210000 + cityHash64(number, 1) % 90000, -toInt64(500 + cityHash64(number, 2) % 14000)), 'EUR',
           ['salary', 'card', 'card', 'card', 'transfer', 'saving', 'debit', 'card', 'card', 'cash'][number % 10 + 1], '', '',
           ['', 'groceries', 'travel', 'fuel', '', '', 'housing', 'eating_out', 'shopping', ''][number % 10 + 1],
           NULL, 'booked', '', 0, 1, 1, number, number, 1
      from numbers(${customers * 10})`,
    {},
    { timeoutMs: 600_000 },
  )
  progress('attributes over everybody')
  await computeAttributes(rt, { progress: (_, sentence) => progress(sentence) })
  progress('statistics')
  await db`vacuum analyze know.customer, know.holding, know.holding_role, know.standing, know.profile, know.living, trust.consent, platform.stream, decide.assignment`
  await db`checkpoint`
}
