import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runInvariants } from '#platform/postgres'
import { seededRandom } from '#platform/runtime'
import { type TestBank, testBank } from '#test/harness'
import { eventsFor, shuffled } from '#test/histories'
import { type TestHttp, testHttp } from '#test/http'
import { invariants } from './index.ts'

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  await bank.rt.db`insert into know.customer (customer_id, kind) select i, 'person' from generate_series(1, 20) i`
  await bank.rt.db`insert into know.customer_key (source, external_id, customer_id) values ('core', 'C-7', 7)`
})
afterAll(async () => {
  expect((await runInvariants(bank.rt, invariants)).flatMap(({ rows }) => rows)).toEqual([])
  await http.close()
  await bank.close()
})

const trip = (id: string, more: object = {}) => ({
  source: 'travel',
  id,
  type: 'travel.booked',
  customerId: 3,
  occurredAt: '2026-03-01T10:00:00Z',
  payload: { amount_minor: 84_000 },
  ...more,
})
const send = (body: unknown, headers: Record<string, string> = {}) =>
  http.call('POST', '/api/know/events', { as: http.key, body, headers })
const sendAll = (body: unknown, headers: Record<string, string> = {}) =>
  http.call('POST', '/api/know/events/bulk', { as: http.key, body, headers })
const stored = async (id: string) => {
  const rows = await bank.rt.db`select * from know.event where source_event_id = ${id}`
  return rows[0]
}

describe('an event enters once', () => {
  test('the first time it is applied, with the customer’s next version', async () => {
    const { status, body } = await send(trip('t1'))
    expect(status).toBe(200)
    expect(body.outcome).toBe('applied')
    expect((await stored('t1'))!.version).toBe(1)
  })

  test('the same again is a duplicate and changes nothing', async () => {
    const first = await stored('t1')
    const { body } = await send(trip('t1'))
    expect(body).toEqual({ outcome: 'duplicate', eventId: first!.event_id })
    expect(await stored('t1')).toEqual(first)
  })

  test('the same id with another body is refused, names the place, and is kept in quarantine', async () => {
    const { status, body } = await send(trip('t1', { payload: { amount_minor: 1 } }))
    expect(status).toBe(422)
    expect(body.error.code).toBe('event_other_body')
    expect(body.error.facts.at).toBe('id')
    const { body: listed } = await http.call('GET', '/api/know/events/quarantine', {
      as: http.key,
      query: { reason: 'other_body' },
    })
    expect(listed.items.map((item: { quarantineId: string }) => item.quarantineId)).toEqual([
      body.error.facts.quarantineId,
    ])
    expect(JSON.parse(listed.items[0].body).payload).toEqual({ amount_minor: 1 })
  })

  test('the same id under another customer is a conflict, not a new event', async () => {
    const { status, body } = await send(trip('t1', { customerId: 4 }))
    expect(status).toBe(409)
    expect(body.error.code).toBe('event_other_customer')
    expect(await bank.rt.db`select from know.event where customer_id = 4`).toHaveLength(0)
  })

  test('a customer may be named by the source that knows them', async () => {
    const { body } = await send(trip('t2', { customerId: undefined, customer: { source: 'core', id: 'C-7' } }))
    expect(body.outcome).toBe('applied')
    expect((await stored('t2'))!.customer_id).toBe(7)
  })
})

describe('CloudEvents 1.0', () => {
  const cloud = (id: string, more: object = {}) => ({
    specversion: '1.0',
    source: 'https://cards.example',
    id,
    type: 'card.authorised',
    subject: '5',
    time: '2026-03-01T11:00:00+01:00',
    datacontenttype: 'application/json',
    data: { amount_minor: 1250 },
    ...more,
  })

  test('structured', async () => {
    const { body } = await send(JSON.stringify(cloud('c1', { traceparent: '00-abc' })), {
      'content-type': 'application/cloudevents+json',
    })
    expect(body.outcome).toBe('applied')
    const event = (await stored('c1'))!
    expect(event.occurred_at.toISOString()).toBe('2026-03-01T10:00:00.000Z')
    expect(event.payload).toEqual({ traceparent: '00-abc', amount_minor: 1250 })
  })

  test('binary: the attributes stand in the headers', async () => {
    const headers = {
      'ce-specversion': '1.0',
      'ce-source': 'https://cards.example',
      'ce-id': 'c2',
      'ce-type': 'card.authorised',
      'ce-subject': 'core%3AC-7',
      'ce-time': '2026-03-01T10:00:00Z',
    }
    const { body } = await send({ amount_minor: 99 }, headers)
    expect(body.outcome).toBe('applied')
    expect((await stored('c2'))!.customer_id).toBe(7)
  })

  test('a batch', async () => {
    const { body } = await sendAll(JSON.stringify([cloud('c3'), cloud('c4'), cloud('c1', { traceparent: '00-abc' })]), {
      'content-type': 'application/cloudevents-batch+json',
    })
    expect(body).toMatchObject({ given: 3, applied: 2, duplicate: 1, quarantined: 0 })
  })

  test('another version of the standard is refused at its attribute', async () => {
    const { status, body } = await send(cloud('c5', { specversion: '0.3' }))
    expect(status).toBe(400)
    expect(body.error.facts).toMatchObject({ at: 'specversion', expected: '"1.0"' })
  })
})

describe('what cannot be taken in is kept and can be given again', () => {
  test('an unknown customer’s events wait until the customer is there', async () => {
    const { status, body } = await send(trip('w1', { customerId: 77 }))
    expect([status, body.error.code]).toEqual([404, 'event_unknown_customer'])
    await bank.rt.db`insert into know.customer (customer_id, kind) values (77, 'person')`
    const { body: retried } = await http.call('POST', '/api/know/events/quarantine/retries', {
      as: http.key,
      body: { reason: 'unknown_customer' },
    })
    expect(retried).toEqual({ tried: 1, applied: 1, duplicate: 0, quarantined: 0 })
    expect((await stored('w1'))!.customer_id).toBe(77)
    const { body: open } = await http.call('GET', '/api/know/events/quarantine', {
      as: http.key,
      query: { reason: 'unknown_customer' },
    })
    expect(open.items).toEqual([])
  })

  test('in a list each item stands for itself, and the counts add up', async () => {
    const lines = [
      JSON.stringify(trip('l1')),
      '{"source":"travel",',
      JSON.stringify(trip('l2', { occurredAt: '2026-02-30T10:00:00Z' })),
      JSON.stringify(trip('l3', { occurredAt: '2027-01-01T10:00:00Z' })),
      JSON.stringify(trip('l1')),
      JSON.stringify(trip('l1', { type: 'travel.cancelled' })),
      JSON.stringify(trip('l4', { customerId: 99_999 })),
      JSON.stringify(trip('l5', { colour: 'red' })),
      JSON.stringify(trip('l6', { payload: [1] })),
      JSON.stringify(trip('l7', { id: 'nul\u0000' })),
      '',
      JSON.stringify(trip('l8')),
    ].join('\n')
    const { status, body } = await sendAll(lines, { 'content-type': 'application/x-ndjson' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ given: 11, applied: 2, duplicate: 1, quarantined: 8 })
    expect(
      body.rejected.map((r: { index: number; reason: string; place: string }) => [r.index, r.reason, r.place]),
    ).toEqual([
      [1, 'malformed', ''],
      [2, 'malformed', 'occurredAt'],
      [3, 'malformed', 'occurredAt'],
      [5, 'other_body', 'id'],
      [6, 'unknown_customer', 'customerId'],
      [7, 'malformed', 'colour'],
      [8, 'malformed', 'payload'],
      [9, 'malformed', 'id'],
    ])
  })

  test('given five times, the same bad thing is in quarantine once', async () => {
    for (let n = 0; n < 5; n++) await send(trip('bad', { occurredAt: 'yesterday' }))
    const rows = await bank.rt.db`select times from know.event_quarantine where source_event_id = 'bad'`
    expect(rows.map((row) => row.times)).toEqual([5])
  })

  test('somebody may say that it will never be taken in', async () => {
    const { body } = await http.call('GET', '/api/know/events/quarantine', {
      as: http.key,
      query: { reason: 'malformed' },
    })
    const quarantineIds = body.items.map((item: { quarantineId: string }) => item.quarantineId)
    const { body: dropped } = await http.call('POST', '/api/know/events/quarantine/drops', {
      as: http.key,
      body: { quarantineIds },
    })
    expect(dropped.dropped).toBe(quarantineIds.length)
    expect(
      (await http.call('GET', '/api/know/events/quarantine', { as: http.key, query: { reason: 'malformed' } })).body
        .items,
    ).toEqual([])
  })

  test('a list with more events than one request takes, or that is not UTF-8, is refused whole', async () => {
    const lines = Array.from({ length: 50_001 }, (_, n) => JSON.stringify(trip(`many${n}`))).join('\n')
    const ndjson = { 'content-type': 'application/x-ndjson' }
    expect((await sendAll(lines, ndjson)).body.error.code).toBe('too_many_events')
    const answer = await http.app.inject({
      method: 'POST',
      url: '/api/know/events/bulk',
      headers: { authorization: `Bearer ${http.key}`, ...ndjson },
      payload: Buffer.concat([Buffer.from(JSON.stringify(trip('many0'))), Buffer.from([0x0a, 0xff])]),
    })
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'not_utf8'])
    expect(await stored('many0')).toBeUndefined()
  })

  test('a malformed list is refused whole, with its place', async () => {
    const { status, body } = await sendAll('[{"source":"travel"', { 'content-type': 'application/json' })
    expect(status).toBe(400)
    expect(body.error.facts).toHaveProperty('expected')
  })
})

test('all that was given is accounted for', async () => {
  const { body } = await http.call('GET', '/api/know/events/intake', { as: http.key })
  expect(body.given).toBe(body.applied + body.duplicate + body.quarantined)
  const [kept] = await bank.rt.db`select sum(times)::int as times from know.event_quarantine`
  expect(body.quarantined).toBe(kept!.times)
})

test('five times over, shuffled, by many at once: the lake and the keys end as if each had come once', async () => {
  const { next } = seededRandom(5)
  const all = eventsFor(next, 20, 300, bank.rt.clock.now().getTime())
  const late = shuffled(next, [...all, ...all, ...all, ...all, ...all])
  const lots = Array.from({ length: 30 }, (_, i) => late.slice(i * 50, i * 50 + 50))
  const replies = await Promise.all(lots.map((lot) => sendAll(lot)))
  const sum = (what: string): number => replies.reduce((total, { body }) => total + body[what], 0)
  expect([sum('given'), sum('applied'), sum('duplicate'), sum('quarantined')]).toEqual([1500, 300, 1200, 0])
  await http.drain()
  const [inLake] = await bank.rt.lake.query<{ rows: number; keys: number }>(
    `select count() as rows, uniqExact(source, source_event_id) as keys from know.event final where source in ('web', 'app')`,
  )
  expect(inLake).toEqual({ rows: 300, keys: 300 })
  // Versions order what the bank learned of one customer without gaps in time: none is used by two commits.
  const twice = await bank.rt.db`
    select customer_id, version, count(distinct received_at) from know.event group by 1, 2 having count(distinct received_at) > 1`
  expect(twice).toHaveLength(0)
})

test('another system’s contact enters the one history of contact, once', async () => {
  const contact = {
    source: 'collections',
    id: 'K-1',
    type: 'contact.made',
    customerId: 9,
    occurredAt: '2026-03-01T09:00:00Z',
    payload: { direction: 'outbound', channel: 'letter', class: 'service', topic: 'missed_instalment' },
  }
  expect((await send(contact)).body.outcome).toBe('applied')
  await send(contact)
  await http.drain()
  const rows = await bank.rt.db`select source, channel, class from know.contact where customer_id = 9`
  expect([...rows]).toEqual([{ source: 'collections', channel: 'letter', class: 'service' }])
  const { status, body } = await send({ ...contact, id: 'K-2', payload: { direction: 'outbound' } })
  expect([status, body.error.facts.at]).toEqual([400, 'payload.channel'])
})

test('nobody gives events without the permission', async () => {
  expect((await http.call('POST', '/api/know/events', { as: 'bertil', body: trip('x') })).status).toBe(403)
})
