/**
 * Who answers for one branch learns nothing of another's customers, by whatever route: not by search, not by the number
 * of a decision or a contact, not in a sample, a list, an export or the words of an error.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routes } from '#app/modules'
import { decideFor } from '#decide/decisions'
import { computeAttributes } from '#know/attributes'
import type { Route } from '#platform/http'
import { type TestBank, testBank } from '#test/harness'
import { type Answer, type TestHttp, testHttp } from '#test/http'
import { sampleOf } from '#test/sample'
import { SMALL_PLAYBOOK } from '#test/small-playbook'
import { PERMISSIONS, ROLES, type Role, systemActor } from '#trust/access'
import { activateFolder } from '#trust/playbook'

const OURS = 1001
const THEIRS = 7_654_321
/** What is known of their customer, and nowhere else in the bank. */
const SECRETS = [
  'Quillvex',
  'Thornmark',
  'qv@thornmark.example',
  '5550199',
  'QVACCOUNT77',
  'reasonQV',
  'evidenceQV',
  'payloadQV',
  'operationQV',
  'aboutQV',
]
/** Whose duty is the whole bank's, whatever unit they sit in: rows and events that belong to nobody yet, what was put on record. */
const BANK_WIDE = new Set([
  'GET /api/know/sources/feeds/:feedId/quarantine',
  'GET /api/know/sources/feeds/:feedId/quarantine/:line',
  'GET /api/know/events/quarantine',
  'GET /api/trust/consents/export',
])

let bank: TestBank
let http: TestHttp
const ids: Record<string, unknown> = { customerId: THEIRS }
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  const { rt } = bank
  await activateFolder(rt, SMALL_PLAYBOOK, systemActor('test'))
  for (const [id, given, family, branch, email, phone] of [
    [OURS, 'Ann', 'Ours', '17', 'ann@ours.example', '+353 1 5550100'],
    [THEIRS, 'Quillvex', 'Thornmark', '18', 'qv@thornmark.example', '+353 1 5550199'],
  ] as const)
    await rt.db`insert into know.customer (customer_id, given_name, family_name, full_name, branch_code, email, phone, household_id, birth_on)
                values (${id}, ${given}, ${family}, ${`${given} ${family}`}, ${branch}, ${email}, ${phone}, null, '1980-01-01')`
  // The two are partners, and ours may use an account of theirs: their page may say so, and not of whom.
  await rt.db`insert into know.relation (customer_id, other_customer_id, relation, from_on, source)
              values (${OURS}, ${THEIRS}, 'partner', '2020-01-01', 'test'), (${THEIRS}, ${OURS}, 'partner', '2020-01-01', 'test')`
  await rt.db`insert into know.holding (customer_id, holding_id, product, number, currency, opened_on, status)
              values (${THEIRS}, 7001, 'everyday', 'QVACCOUNT77', 'EUR', '2020-01-01', 'open')`
  await rt.db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
              values (${THEIRS}, 7001, 'owner', 'sole', 10000, '2020-01-01', ${THEIRS})`
  await rt.lake.insert('know.account_transaction', [
    {
      holding_id: 7001,
      booked_on: '2026-02-01',
      transaction_id: 'q1',
      value_on: '2026-02-01',
      occurred_at: '2026-02-01 12:00:00',
      amount_minor: -500,
      currency: 'EUR',
      kind: 'card',
      operation: 'operationQV',
      status: 'booked',
      line: 1,
      version: 1,
    },
  ])
  const system = systemActor('core')
  const decision = await decideFor(rt, { customerId: THEIRS, channel: 'app', actor: system } as never)
  ids.decisionId = decision.decisionId
  ids.holdingId = 7001
  const key = { as: http.key }
  const contact = await http.call('POST', '/api/know/interactions/external', {
    ...key,
    body: {
      customerId: THEIRS,
      source: 'call-centre',
      sourceContactId: 'c1',
      direction: 'outbound',
      channel: 'call',
      class: 'service',
      topic: 'new_card',
      occurredAt: '2026-03-01T10:00:00Z',
    },
  })
  ids.contactId = contact.body.contactId
  ids.id = ids.contactId
  const standing = await http.call('POST', `/api/know/customers/${THEIRS}/standings`, {
    ...key,
    body: { standing: 'complaint_open', reason: 'reasonQV', fromOn: '2026-03-01' },
  })
  ids.standingId = standing.body?.standingId ?? '00000000-0000-8000-8000-000000000000'
  await http.call('POST', `/api/trust/consents/${THEIRS}`, {
    ...key,
    body: {
      purpose: 'marketing',
      channel: 'email',
      state: 'given',
      evidence: { how: 'evidenceQV', where: 'branch', occurredAt: '2026-03-01T10:00:00Z' },
    },
  })
  await http.call('POST', '/api/know/events', {
    ...key,
    body: {
      source: 'app',
      id: 'e1',
      type: 'app.page_viewed',
      customerId: THEIRS,
      occurredAt: '2026-03-01T10:00:00Z',
      payload: { page: 'payloadQV' },
    },
  })
  await http.drain()
  await computeAttributes(rt, {})
  for (const role of ROLES) await http.person(role, { role, units: [{ kind: 'branch', code: '17' }] })
})
afterAll(async () => {
  await http?.close()
  await bank?.close()
})

const nameOf = (route: Route): string => `${route.method} ${route.url}`

async function ask(route: Route, as: string, named: Record<string, unknown>): Promise<Answer & { sent: string }> {
  const params = route.params ? (sampleOf(route.params, named) as Record<string, unknown>) : {}
  const query = route.query ? (sampleOf(route.query, named) as Record<string, unknown>) : {}
  const url = route.url.replace(/:(\w+)/g, (_, name) => encodeURIComponent(String(params[name] ?? named[name] ?? 'x')))
  const sent = {
    url,
    query: Object.fromEntries(Object.entries(query).map(([k, v]) => [k, String(v)])),
    ...(route.body ? { body: sampleOf(route.body, named) } : {}),
  }
  const answer = await http.call(route.method, url, {
    as,
    ...(sent.body === undefined ? {} : { body: sent.body }),
    query: sent.query,
  })
  return { ...answer, sent: JSON.stringify(sent) }
}

const asked = routes.filter((route) => route.needs.includes(':') && !route.needs.startsWith('trust.access:'))

describe('about a customer of another branch', () => {
  test('the bank really knows all this of them', async () => {
    const { status, body } = await http.call('GET', `/api/know/customers/${THEIRS}`, { as: http.key })
    expect(status).toBe(200)
    const told = JSON.stringify(body)
    for (const secret of ['Quillvex', 'Thornmark', 'QVACCOUNT77', 'reasonQV']) expect(told).toContain(secret)
    const found = await http.call('GET', `/api/engage/timeline/ids/${ids.contactId}`, { as: 'riya' })
    expect(found.body).toMatchObject({ customerId: THEIRS })
    const { body: count } = await http.call('POST', '/api/know/segments/count', {
      as: 'mina',
      body: { rule: 'true', sample: 100 },
    })
    expect(JSON.stringify(count)).toContain('Thornmark')
  })
  test.each(asked.map((route) => [nameOf(route), route] as const))('%s', async (name, route) => {
    const words = [
      {},
      { q: 'Thornmark', text: 'Thornmark', search: 'Thornmark', rule: 'true', sample: 100 },
      { q: 'QVACCOUNT77', text: 'QVACCOUNT77' },
      { q: String(THEIRS), text: String(THEIRS), id: ids.decisionId },
    ]
    for (const role of ROLES.filter((each: Role) => PERMISSIONS[each].includes(route.needs)))
      for (const more of words) {
        const { body, sent } = await ask(route, role, { ...ids, ...more })
        const said = JSON.stringify(body) ?? ''
        const leaks = SECRETS.filter((secret) => said.includes(secret) && !sent.includes(secret))
        if (!sent.includes(String(THEIRS)) && said.includes(String(THEIRS))) leaks.push('their number')
        if (leaks.length > 0 && BANK_WIDE.has(name)) continue
        expect(leaks, `${role} of branch 17 sent ${sent} and read ${said.slice(0, 1500)}`).toEqual([])
      }
  })
  test('and beside their own customer they read that there is somebody, and not who', async () => {
    const { status, body } = await http.call('GET', `/api/know/customers/${OURS}`, { as: 'relationship_manager' })
    expect(status).toBe(200)
    expect(SECRETS.filter((secret) => JSON.stringify(body).includes(secret))).toEqual([])
  })
})
