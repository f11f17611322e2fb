/** What an operator reads at /metrics: what happened is counted once, what stands is read from the stores. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { families, readings } from '#app/modules'
import { enqueue } from '#platform/jobs'
import { metricsOf, type Reading } from '#platform/telemetry'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  const { documents } = await smallPlaybook((all) => all.filter((one) => one.kind !== 'experiment'))
  const source = {
    kind: 'source',
    id: 'core_branches',
    title: 'Branches',
    file: 'branches.csv',
    format: { type: 'delimited' },
    columns: ['code', 'name'],
    target: 'branch',
    key: ['code'],
    fields: { branch_code: 'code', name: 'name' },
    due: { at: '06:00' },
  }
  await runPlaybook(bank.rt, [
    // Nothing here waits for a file.
    ...[...documents.values()].flatMap((ofKind) => [...ofKind.values()]).map(withoutFeeds),
    source,
    { kind: 'placement', id: 'app_home', title: 'Home of the app', channel: 'app', actionsMax: 3 },
  ])
  const { db } = bank.rt
  await db`insert into know.customer (customer_id, birth_on, source)
           values (1, '1990-05-05', 'test'), (2, '1990-05-05', 'test')`
  await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
           values (1, 1, 'everyday', 'EUR', '2020-01-01', '{"small_savings": 4, "surplus": 9000}')`
  await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
           values (1, 1, 'owner', 'sole', 10000, '2020-01-01', 1)`
}, 120_000)
afterAll(async () => {
  await http.close()
  await bank.close()
})

const withoutFeeds = (document: object): object =>
  JSON.parse(JSON.stringify(document, (key, value) => (key === 'feeds' ? undefined : value)))

const scraped = async (): Promise<Map<string, number>> => {
  const { status, body } = await http.call('GET', '/metrics', { as: 'dag' })
  expect(status).toBe(200)
  const lines = String(body)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )
}
const ask = (body: object) =>
  http.call('POST', '/api/engage/inbound/ask', { as: http.key, body: { placement: 'app_home', ...body } })

describe('what an operator reads', () => {
  test('every question is counted by channel and outcome, with how many were decided together', async () => {
    const [shown] = await Promise.all([ask({ customerId: 1 }), ask({ customerId: 2 }), ask({ customerId: 404 })])
    await http.call('POST', '/api/decide/decisions', {
      as: http.key,
      body: { customerId: 1, channel: 'smoke_signals' },
    })
    const found = await scraped()
    expect(found.get('clientele_decisions_total{channel="app",outcome="shown"}')).toBe(1)
    expect(found.get('clientele_decisions_total{channel="app",outcome="nothing_eligible"}')).toBe(1)
    expect(found.get('clientele_decisions_total{channel="app",outcome="refused"}')).toBe(1)
    // Whatever a caller makes up is no name for a metric.
    expect(found.get('clientele_decisions_total{channel="unknown",outcome="refused"}')).toBe(1)
    expect([...found.keys()].join()).not.toContain('smoke_signals')
    expect(found.get('clientele_decision_batch_questions_sum')).toBe(4)
    expect(found.get('clientele_contacts_open{state="offered"}')).toBe(1)

    const { contactId } = shown.body.actions[0]
    for (const kind of ['click', 'click', 'accept'])
      await http.call('POST', '/api/engage/inbound/responses', { as: http.key, body: { contactId, kind } })
    const after = await scraped()
    expect(after.get('clientele_answers_total{kind="click"}')).toBe(1)
    expect(after.get('clientele_answers_total{kind="accept"}')).toBe(1)
    expect(after.get('clientele_contacts_open{state="offered"}')).toBeUndefined()
  })

  test('every event is counted by what became of it', async () => {
    const event = {
      source: 'app',
      id: 'e-1',
      type: 'web.page_viewed',
      customerId: 1,
      occurredAt: '2026-03-02T07:00:00Z',
      payload: {},
    }
    for (const body of [event, event]) await http.call('POST', '/api/know/events', { as: http.key, body })
    await http.call('POST', '/api/know/events', { as: http.key, body: { ...event, id: 'e-2', customerId: 404 } })
    const found = await scraped()
    expect(found.get('clientele_events_total{outcome="applied"}')).toBe(1)
    expect(found.get('clientele_events_total{outcome="duplicate"}')).toBe(1)
    expect(found.get('clientele_events_total{outcome="quarantined"}')).toBe(1)
  })

  test('jobs stand by name and state; how often ClickHouse was started is told', async () => {
    await enqueue(bank.rt, 'count everybody', {}, { key: 'today' })
    const found = await scraped()
    expect(found.get('clientele_jobs{name="count everybody",state="waiting"}')).toBe(1)
    expect(found.get('clientele_clickhouse_starts')).toBeGreaterThanOrEqual(1)
  })

  test('a file that never came is held, and one that came tells its age', async () => {
    expect((await scraped()).get('clientele_feed_held{source="core_branches",state="never"}')).toBe(1)
    await bank.rt.db`
      insert into know.feed (source, revision, business_on, file_name, file_sha256, file_bytes, state, given_by, given_at, settled_at)
      values ('core_branches', 'r', '2026-02-27', 'branches.csv', ${'a'.repeat(64)}, 1, 'applied', 'test', now(), now())`
    const found = await scraped()
    expect(found.get('clientele_feed_age_days{source="core_branches"}')).toBe(3)
    expect([...found.keys()].filter((name) => name.startsWith('clientele_feed_held'))).toEqual([])
  })

  test('a reading that fails is left out, and the others are there', async () => {
    const broken: Reading = {
      name: 'clientele_broken',
      help: 'Broken.',
      labels: [],
      read: () => Promise.reject(new Error('no')),
    }
    const text = await metricsOf(bank.rt).text(bank.rt, [broken, ...readings])
    expect(text).not.toContain('clientele_broken')
    expect(text).toContain('clientele_jobs{')
    expect(bank.complaints.join()).toContain('clientele_broken')
  })

  test('each name is given once, and none holds an id', () => {
    const names = [...families, ...readings].map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { name, labels } of [...families, ...readings]) {
      expect(name).toMatch(/^clientele_[a-z_]+$/)
      expect(labels.join()).not.toMatch(/customer|contact|decision|_id/i)
    }
  })
})
