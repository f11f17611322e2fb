/**
 * Schema fuzz of every route, by who may do everything: whatever is sent, nothing answers 5xx, no answer takes a
 * second, a text is only ever a text, and afterwards the bank is as whole as before.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { invariants, routes } from '#app/modules'
import { giveToken } from '#engage/inbound'
import type { Route } from '#platform/http'
import { runInvariants } from '#platform/postgres'
import { type TestBank, testBank } from '#test/harness'
import { type Answer, type TestHttp, testHttp } from '#test/http'
import { type Known, likeOf, NASTY_TEXTS, unlike } from '#test/sample'
import { systemActor } from '#trust/access'
import { activateFolder } from '#trust/playbook'

const RUNS = 60
/** What the demo bank's playbook and the one customer here are called. */
const KNOWN: Known = {
  customerId: [1],
  channel: ['app', 'call', 'branch'],
  placement: ['app_home', 'branch_desk'],
  segment: ['small_saver'],
  segmentId: ['small_saver'],
  kind: ['action', 'segment', 'policy'],
  source: ['core_customer', 'app'],
  type: ['app.page_viewed'],
  roles: [['duty_manager']],
  permissions: [['engage.inbound:ask']],
  occurredAt: ['2026-03-01T10:00:00Z'],
  login: ['ada', 'riya'],
}

const SLOW_MS = 10_000

let bank: TestBank
let http: TestHttp
let token: string
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  await activateFolder(bank.rt, 'playbooks/riverside', systemActor('test'))
  await bank.rt.db`insert into know.customer (customer_id, full_name, branch_code) values (1, 'somebody', '17')`
  token = (await giveToken(bank.rt, { customerId: 1, actor: systemActor('test'), validForSeconds: 3600 })).token
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

const nameOf = (route: Route): string => `${route.method} ${route.url}`
const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
const record = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}

interface Sent {
  params: unknown
  query: unknown
  body: unknown
}

/** People for what only people may do, else the key that may do everything. */
const whoFor = (route: Route): string => {
  if (route.needs === 'customer') return token
  if (route.needs === 'trust.access:manage') return 'ada'
  if (route.needs === 'trust.playbook:draft') return 'sofia'
  if (route.needs.startsWith('trust.playbook:')) return 'otto'
  if (route.needs.startsWith('trust.stops:')) return 'dag'
  return http.key
}

async function send(route: Route, { params, query, body }: Sent): Promise<Answer & { tookMs: number; what: string }> {
  const named = record(params)
  const url = route.url.replace(
    /:(\w+)/g,
    (_, name) => encodeURIComponent(text(named[name] ?? 'x').toWellFormed()).slice(0, 300) || 'x',
  )
  const search = new URLSearchParams(
    Object.entries(record(query)).map(([name, value]): [string, string] => [name, text(value).toWellFormed()]),
  ).toString()
  const began = performance.now()
  const payload =
    body === undefined
      ? undefined
      : route.consumes === undefined
        ? JSON.stringify(body)
        : Array.isArray(body)
          ? body.map(text).join('\n')
          : text(body)
  const answer = await http.call(route.method, search ? `${url}?${search}` : url, {
    as: whoFor(route),
    ...(payload === undefined
      ? {}
      : { body: payload, headers: { 'content-type': route.consumes ?? 'application/json' } }),
  })
  return { ...answer, tookMs: performance.now() - began, what: JSON.stringify({ params, query, body }).slice(0, 2000) }
}

function check(route: Route, { status, body, tookMs, what }: Awaited<ReturnType<typeof send>>): void {
  // /ready says 503 when a store is away, which none is here.
  expect(status, `${nameOf(route)} answered ${status} ${JSON.stringify(body)} to ${what}`).toBeLessThan(500)
  expect(tookMs, `${nameOf(route)} took ${Math.round(tookMs)} ms for ${what}`).toBeLessThan(SLOW_MS)
  if (status >= 400 && status !== 404)
    expect(body.error, what).toMatchObject({
      kind: expect.any(String),
      code: expect.any(String),
      message: expect.any(String),
    })
}

const none = fc.constant(undefined)
const part = (schema: unknown, of: (schema: unknown, known: Known) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  schema === undefined ? none : of(schema, KNOWN)

// Who signs out cannot be asked again, and the provider of no bank is called.
const fuzzed = routes.filter((route) => !nameOf(route).startsWith('DELETE /api/trust/access/sessions'))

describe('whatever is sent, no route fails', () => {
  test.each(fuzzed.map((route) => [nameOf(route), route] as const))('%s', async (_name, route) => {
    const body = route.body ?? (route.consumes === undefined ? undefined : {})
    const fits = fc.record({
      params: part(route.params, likeOf),
      query: part(route.query, likeOf),
      body: part(body, likeOf),
    })
    const fails = fc.record({
      params: part(route.params, unlike),
      query: part(route.query, unlike),
      body: part(body, unlike),
    })
    const mixed = fc.record({
      params: part(route.params, likeOf),
      query: part(route.query, likeOf),
      body: part(body, unlike),
    })
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 3, arbitrary: fits }, mixed, fails), async (sent) =>
        check(route, await send(route, sent)),
      ),
      { numRuns: RUNS, seed: 20260302, endOnFailure: true },
    )
  })
})

describe('bodies that are no JSON, or more than anybody needs', () => {
  const bodies = [
    '',
    '{',
    '[',
    '"',
    'null',
    '[]',
    '0',
    '{"a":}',
    `${'['.repeat(10_000)}`,
    `{"a":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`,
    '{"__proto__":{"x":1}}',
    '{"a":"\\ud800"}',
    '{"a":"\\u0000"}',
    'a=b&c=d',
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    `{"a":"${'x'.repeat(300_000)}"}`,
    `[${'1,'.repeat(100_000)}1]`,
  ]
  test.each(fuzzed.filter((route) => route.body).map((route) => [nameOf(route), route] as const))(
    '%s',
    async (_name, route) => {
      for (const body of bodies) {
        const began = performance.now()
        const url = route.url.replace(/:(\w+)/g, '1')
        const answer = await http.call(route.method, url, {
          as: whoFor(route),
          body,
          headers: { 'content-type': 'application/json' },
        })
        check(route, { ...answer, tookMs: performance.now() - began, what: body.slice(0, 100) })
        // An empty list of events is an empty piece of work.
        if (body !== '[]') expect(answer.status, body.slice(0, 100)).toBeGreaterThanOrEqual(400)
      }
    },
  )
})

describe('afterwards', () => {
  test('no text has become anything but a text: every table is still there', async () => {
    const [row] = await bank.rt.db<{ tables: number }[]>`
      select count(*)::int as tables from information_schema.tables where table_schema in ('platform', 'trust', 'know', 'decide') and table_name in ('person', 'stream', 'customer', 'decision')`
    expect(row!.tables).toBe(4)
    expect(NASTY_TEXTS.length).toBeGreaterThan(30)
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  test('every invariant holds', async () => {
    const broken = (await runInvariants(bank.rt, invariants)).filter(({ rows }) => rows.length > 0)
    expect(broken).toEqual([])
  })
})
