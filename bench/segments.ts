import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBank } from '#app/bank'
import { buildApp } from '#app/server'
import { computeAttributes, currentProfile } from '#know/attributes'
import type { Runtime } from '#platform/runtime'
import { createKey, systemActor } from '#trust/access'
import { activateFirst, type Document, writtenOf } from '#trust/playbook'
import { atMost, type BenchRun, printed, quantile } from './figure.ts'

const CUSTOMERS = 1_000_000
const TRANSACTIONS_PER_CUSTOMER = 3
const COUNTS = 60
const LIMIT_MS = 80

const attribute = (id: string, type: string, source: object): Document => ({
  kind: 'attribute',
  id,
  title: id,
  meaning: id,
  type,
  source,
})

const PLAYBOOK: Document[] = [
  {
    kind: 'bank',
    id: 'bench',
    title: 'Bench Bank',
    zone: 'Europe/Berlin',
    currency: 'EUR',
    languages: ['en'],
    calendar: 'calendar',
  },
  { kind: 'calendar', id: 'calendar', title: 'Calendar', workingWeekdays: [1, 2, 3, 4, 5], holidays: [] },
  attribute('age_years', 'int', { person: 'age_years' }),
  attribute('tenure_days', 'int', { person: 'tenure_days' }),
  attribute('language', 'string', { person: 'language' }),
  attribute('stage', 'string', { person: 'stage' }),
  attribute('has_email', 'bool', { person: 'has_email' }),
  attribute('products', 'list<string>', {
    holding: { aggregate: 'list', of: 'product', where: 'holding.status == "open"' },
  }),
  attribute('balance_minor', 'int', { holding: { aggregate: 'sum', of: 'balance_minor' } }),
  attribute('income_90d_minor', 'int', {
    transactions: { aggregate: 'sum', of: 'amount_minor', where: 'transaction.kind == "salary"', windowDays: 90 },
  }),
  attribute('card_count_30d', 'int', {
    transactions: { aggregate: 'count', where: 'transaction.kind == "card"', windowDays: 30 },
  }),
  attribute('last_salary_on', 'date', {
    transactions: { aggregate: 'last_date', where: 'transaction.kind == "salary"' },
  }),
]

const RULE = [
  'has(customer.age_years) && customer.age_years >= 26',
  'customer.age_years < 66',
  'customer.stage == "customer"',
  'customer.language in ["en", "de"]',
  'customer.has_email',
  'customer.tenure_days > 365',
  'customer.balance_minor >= 50000',
  'customer.income_90d_minor < 900000',
  'customer.card_count_30d <= 20',
  '(!has(customer.last_salary_on) || days_between(customer.last_salary_on, context.today) < 400)',
].join(' && ')

/** The same question as an analyst writes it. */
const byHand = (table: string): string => `
  select count() as count
    from ${table}
   where has_age_years and age_years >= 26 and age_years < 66 and stage = 'customer' and language in ('en', 'de')
     and has_email and tenure_days > 365 and balance_minor >= 50000 and income_90d_minor < 900000 and card_count_30d <= 20
     and (not has_last_salary_on or dateDiff('day', last_salary_on, {asOf:Date32}) < 400)`

/**
 * Counts a segment of ten clauses over HTTP, beside the same question written by hand for the same table, one after the
 * other. Then leaves one count alone and waits until it has ended in the lake.
 */
export const run: BenchRun = async ({ size, progress }) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'clientele-bench-'))
  const bank = await openBank({ dataDir })
  try {
    const { rt } = bank
    const app = buildApp(rt)
    await app.listen({ host: '127.0.0.1', port: 0 })
    try {
      await activateFirst(
        rt,
        PLAYBOOK.map((document) => writtenOf(document)),
        systemActor('bench'),
      )
      await fill(rt, Math.max(1000, Math.round(CUSTOMERS * size)), progress)
      const began = performance.now()
      const { customers } = await computeAttributes(rt, { progress: (_, sentence) => progress(sentence) })
      const computedS = (performance.now() - began) / 1000
      const { key } = await createKey(
        rt,
        { title: 'bench', permissions: ['know.segments:count'] },
        systemActor('bench'),
      )
      const ask = caller(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/know/segments/count`, key)
      const { table, asOf } = (await currentProfile(rt))!
      const overHttp: number[] = []
      const written: number[] = []
      for (let n = -5; n < COUNTS; n++) {
        let t = performance.now()
        const { count } = await ask({ rule: RULE })
        const httpMs = performance.now() - t
        t = performance.now()
        const [row] = await rt.lake.query<{ count: number }>(byHand(table), { asOf })
        const handMs = performance.now() - t
        if (row!.count !== count) throw new Error(`counted ${count}, by hand ${row!.count}`)
        if (n === 0) progress(`${count} of ${customers} customers`)
        if (n < 0) continue
        overHttp.push(httpMs)
        written.push(handMs)
      }
      const stoppedMs = await leaveOne(rt, table, ask)
      return {
        figures: [
          atMost('count of ten clauses over HTTP, p50', 'ms', quantile(overHttp, 0.5), 'limit', LIMIT_MS),
          atMost(
            'count of ten clauses over HTTP, p50',
            'ms',
            quantile(overHttp, 0.5),
            'the SQL written by hand, p50',
            quantile(written, 0.5),
            1.2,
          ),
          printed('count of ten clauses over HTTP, p99', 'ms', quantile(overHttp, 0.99)),
          atMost('a count that is left alone ends in the lake after', 'ms', stoppedMs, 'limit', 5000),
          printed('attributes computed over everybody', 's', computedS),
        ],
      }
    } finally {
      await app.close()
    }
  } finally {
    await bank.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function fill(rt: Runtime, customers: number, progress: (sentence: string) => void): Promise<void> {
  progress(`${customers} customers with a holding and ${TRANSACTIONS_PER_CUSTOMER} transactions each`)
  const { db, lake } = rt
  const today = rt.clock.now().toISOString().slice(0, 10)
  await db`
    insert into know.customer (customer_id, kind, stage, birth_on, language, since_on, email)
    select i, 'person', (array['customer', 'customer', 'customer', 'prospect'])[1 + i % 4],
           case when i % 50 > 0 then ${today}::date - (i::bigint * 7919 % 30000)::int end, (array['en', 'de', 'fr'])[1 + i % 3],
           ${today}::date - (i::bigint * 104729 % 5000)::int, case when i % 5 > 0 then 'someone@example.org' end
      from generate_series(1, ${customers}) i`
  await db`
    insert into know.holding (customer_id, holding_id, product, opened_on, currency, balance_minor, balance_on)
    select i, i, (array['everyday', 'easy_saver', 'plus'])[1 + i % 3], ${today}::date - 900, 'EUR', i::bigint * 31 % 1000000, ${today}::date
      from generate_series(1, ${customers}) i`
  await db`
    insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
    select i, i, 'owner', 'sole', 10000, ${today}::date - 900, i
      from generate_series(1, ${customers}) i`
  const numbers = { customers, rows: customers * TRANSACTIONS_PER_CUSTOMER, today }
  await lake.command(
    `insert into know.holding_of
     select number + 1, number + 1, 'owner', 'sole', 10000, toDate32({today:Date}) - 900, toDate32('2299-12-31'), 'everyday', 'EUR',
            toDate32({today:Date}) - 900, toDate32('2299-12-31')
       from numbers({customers:UInt64})`,
    numbers,
  )
  await lake.command(
    `insert into know.account_transaction
            (holding_id, booked_on, transaction_id, value_on, occurred_at, amount_minor, currency, kind, status, version)
     select 1 + number % {customers:UInt64}, toDate32({today:Date}) - number % 120, toString(number), toDate32({today:Date}),
            toDateTime64({today:Date}, 3, 'UTC'), number * 7919 % 400000, 'EUR', if(number % 5 = 0, 'salary', 'card'), 'booked', 1
       from numbers({rows:UInt64})`,
    numbers,
  )
}

type Ask = (body: object, signal?: AbortSignal) => Promise<{ count: number }>

function caller(url: string, key: string): Ask {
  const agent = new Agent({ keepAlive: true })
  return (body, signal) =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
      const sent = request(url, { method: 'POST', agent, headers, ...(signal ? { signal } : {}) }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part) => {
          text += part
        })
        response.on('error', reject)
        response.on('end', () =>
          response.statusCode === 200
            ? resolve(JSON.parse(text))
            : reject(new Error(`${response.statusCode}: ${text}`)),
        )
      })
      sent.on('error', reject)
      sent.end(JSON.stringify(body))
    })
}

/** Asks for a count that would take hours, leaves, and returns the milliseconds until the lake works on it no more. */
async function leaveOne(rt: Runtime, table: string, ask: Ask): Promise<number> {
  await rt.lake.command(`rename table ${table} to know.profile_kept`)
  await rt.lake.command(
    `create view ${table} as select p.* from know.profile_kept as p cross join numbers(1000000000000) as n`,
  )
  const until = async (wanted: number): Promise<void> => {
    for (let tries = 0; tries < 600; tries++) {
      const [row] = await rt.lake.query<{ n: number }>(
        `select count() as n from system.processes where query like '%${table}%' and query not like '%system.processes%'`,
      )
      if (row!.n === wanted) return
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    throw new Error(`the count did not ${wanted === 0 ? 'end' : 'begin'} within 6 s`)
  }
  const leave = new AbortController()
  const answer = ask({ rule: RULE }, leave.signal).catch(() => {})
  await until(1)
  const left = performance.now()
  leave.abort()
  await until(0)
  const stoppedMs = performance.now() - left
  await answer
  return stoppedMs
}
