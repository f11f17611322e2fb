/** A customer's own browser, with the token that the bank's system asked for: what it may do, and everything it may not. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildServer } from '#platform/http'
import { type TestBank, testBank } from '#test/harness'
import { type Answer, type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'
import { read } from '#trust/audit'

const PAGE = 'https://bank.example'
const MINE = '/api/engage/inbound/mine'

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank({ overrides: { http: { origins: [PAGE, 'https://app.bank.example'] } } })
  http = await testHttp(bank)
  const { documents } = await smallPlaybook((all) => all.filter((one) => one.kind !== 'experiment'))
  await runPlaybook(bank.rt, [
    ...[...documents.values()].flatMap((ofKind) => [...ofKind.values()]),
    { kind: 'placement', id: 'app_home', title: 'The app’s home', channel: 'app', actionsMax: 3 },
    { kind: 'placement', id: 'desk', title: 'The adviser’s screen', channel: 'app', actionsMax: 3, staffed: true },
    { kind: 'placement', id: 'phone', title: 'The agent’s screen', channel: 'call', actionsMax: 3 },
  ])
  const { db } = bank.rt
  await db`insert into know.customer (customer_id, birth_on, branch_code, source)
           select n, '1990-05-05', '0017', 'test' from generate_series(1, 3) n`
  await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
           select n, n, 'everyday', 'EUR', '2020-01-01', '{"small_savings": 4, "surplus": 9000}' from generate_series(1, 3) n`
  await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
           select n, n, 'owner', 'sole', 10000, '2020-01-01', n from generate_series(1, 3) n`
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

async function tokenFor(customerId: number, more: object = {}): Promise<string> {
  const { status, body } = await http.call('POST', '/api/engage/inbound/tokens', {
    as: http.key,
    body: { customerId, origin: PAGE, ...more },
  })
  expect(status, JSON.stringify(body)).toBe(201)
  return body.token
}

/** As a browser calls for a page: it says the page's origin, and no page can change that. */
const call = (
  method: string,
  path: string,
  token: string,
  body?: object,
  origin: string | null = PAGE,
): Promise<Answer> =>
  http.call(method, `${MINE}${path}`, {
    headers: { authorization: `Bearer ${token}`, ...(origin === null ? {} : { origin }) },
    ...(body ? { body } : {}),
  })
const ask = (token: string, placement = 'app_home', origin?: string | null) =>
  call('POST', '/placements', token, { placement }, origin)
const codeOf = ({ status, body }: Answer): string => `${status} ${body?.error?.code}`

describe('with their own token, a customer', () => {
  test('asks what there is for them, sees it as text, answers, and the bank knows at once', async () => {
    const token = await tokenFor(1)
    const asked = await ask(token)
    expect(asked.status).toBe(200)
    expect(asked.headers['access-control-allow-origin']).toBe(PAGE)
    const [content] = asked.body.contents
    expect(content).toMatchObject({ action: 'goal_saver', class: 'marketing', offer: { rateBp: 175 } })
    expect(Object.keys(content)).not.toContain('group')
    for (const kind of ['impression', 'accept']) {
      const said = await call('POST', '/responses', token, { contactId: content.contactId, kind, key: `k-${kind}` })
      expect(said.body).toMatchObject({ repeated: false, awaiting: null })
      const again = await call('POST', '/responses', token, { contactId: content.contactId, kind, key: `k-${kind}` })
      expect(again.body).toMatchObject({ repeated: true })
    }
    const [contact] = await bank.rt.db<{ state: string }[]>`
      select state from know.contact where contact_id = ${content.contactId}`
    expect(contact?.state).toBe('accepted')
  })

  test('says no to everything, yes to e-mail only, and reads what holds', async () => {
    const token = await tokenFor(2)
    const nothing = { email: false, sms: false, push: false, call: false, post: true }
    expect((await call('GET', '/consents', token)).body).toMatchObject({ marketing: nothing, objected: false })
    const yes = await call('POST', '/consents', token, { choice: 'email', agreed: true, textVersion: '2026-01' })
    expect(yes.body).toMatchObject({ marketing: { email: true, sms: false } })
    const no = await call('POST', '/consents', token, { choice: 'marketing', agreed: false })
    expect(no.body).toMatchObject({ marketing: { email: false, post: false }, objected: true })
    expect((await ask(token)).body.contents.filter((one: { class: string }) => one.class === 'marketing')).toEqual([])
    const back = await call('POST', '/consents', token, { choice: 'marketing', agreed: true })
    expect(back.body).toMatchObject({ marketing: { email: true }, objected: false })
    const { records } = (await http.call('GET', '/api/trust/consents/2/history', { as: http.key })).body
    expect(records[0]).toMatchObject({ recordedBy: 'customer', evidence: { where: PAGE } })
  })

  test('tells of a plan once, however often the browser says it', async () => {
    const token = await tokenFor(3)
    const plan = { what: 'plan', topic: 'home', byOn: '2026-09-01', key: 'p1' }
    expect((await call('POST', '/plans', token, plan)).body).toEqual({ outcome: 'applied' })
    expect((await call('POST', '/plans', token, { what: 'need', topic: 'loan', key: 'p2' })).body).toEqual({
      outcome: 'applied',
    })
    const again = await call('POST', '/plans', token, {
      what: 'need',
      topic: 'loan',
      key: 'p2',
      occurredAt: '2026-03-02T07:00:00Z',
    })
    expect(again.body).toEqual({ outcome: 'duplicate' })
    const other = await call('POST', '/plans', token, { what: 'need', topic: 'card', key: 'p2' })
    expect(codeOf(other)).toBe('422 idempotency_key_reused')
    expect(codeOf(await call('POST', '/plans', token, { what: 'plan', topic: 'car', key: 'p3' }))).toBe('400 plan_date')
  })

  test('is on record as who asked for the token and what was said, never by number', async () => {
    await tokenFor(1, { validForSeconds: 60 })
    const entries = await read(bank.rt, { customerId: 1 })
    expect(entries[0]).toMatchObject({ action: 'engage.inbound:token_given', facts: { seconds: 60, origin: PAGE } })
    expect((await read(bank.rt, { customerId: 2 })).map(({ actorId }) => actorId)).toContain('customer')
  })

  test('answers once, also when what was kept without a connection is sent again from a page of another channel', async () => {
    const [shown] = await bank.rt.db<{ contactId: string }[]>`
      select contact_id as "contactId" from know.contact where customer_id = 1 and action = 'goal_saver'`
    const elsewhere = await tokenFor(1, { channel: 'web' })
    const body = { contactId: shown!.contactId, kind: 'accept', key: 'k-accept' }
    expect((await call('POST', '/responses', elsewhere, body)).body).toMatchObject({ repeated: true })
    const said = await bank.rt.db`select channel from know.response where idempotency_key = 'k-accept'`
    expect(said.map(({ channel }) => channel)).toEqual(['app'])
  })
})

describe('a token opens nothing', () => {
  test('of another customer: their contact is not there, their idempotent answer is not given', async () => {
    const theirs = (await ask(await tokenFor(3))).body.contents[0]
    const mine = await tokenFor(2)
    const said = await call('POST', '/responses', mine, { contactId: theirs.contactId, kind: 'refuse' })
    expect(codeOf(said)).toBe('404 contact_unknown')
    const consent = (token: string) =>
      http.call('POST', `${MINE}/consents`, {
        headers: { authorization: `Bearer ${token}`, origin: PAGE, 'idempotency-key': 'same-key' },
        body: { choice: 'sms', agreed: true },
      })
    expect((await consent(mine)).headers['idempotency-replayed']).toBeUndefined()
    expect((await consent(await tokenFor(3))).headers['idempotency-replayed']).toBeUndefined()
  })

  test('of the bank: no other endpoint takes it', async () => {
    const token = await tokenFor(1)
    for (const [method, url] of [
      ['GET', '/api/know/customers/1'],
      ['GET', '/api/trust/consents/1'],
      ['GET', '/api/trust/access/me'],
      ['POST', '/api/engage/inbound/ask'],
      ['POST', '/api/engage/inbound/tokens'],
    ] as const) {
      const answer = await http.call(method, url, {
        as: token,
        ...(method === 'POST' ? { body: { customerId: 1 } } : {}),
      })
      expect([401, 404], url).toContain(answer.status)
    }
  })

  test('of somebody who is not there: there is no token for them', async () => {
    const body = { customerId: 999, origin: PAGE }
    const asked = await http.call('POST', '/api/engage/inbound/tokens', { as: http.key, body })
    expect(codeOf(asked)).toBe('404 no_such_customer')
  })

  test('on the screens of the staff, and on no other channel than its own', async () => {
    const token = await tokenFor(1, { channel: 'app' })
    expect(codeOf(await ask(token, 'desk'))).toBe('403 placement_elsewhere')
    expect(codeOf(await ask(token, 'phone'))).toBe('403 placement_elsewhere')
    expect(codeOf(await ask(token, 'nowhere'))).toBe('400 placement_unknown')
  })

  test('once it has expired', async () => {
    const token = await tokenFor(1, { validForSeconds: 30 })
    const at = bank.clock.now()
    bank.clock.set(new Date(at.getTime() + 30_000))
    expect(codeOf(await ask(token))).toBe('401 token_expired')
    bank.clock.set(at)
    expect((await ask(token)).status).toBe(200)
  })

  test('when anything in it was changed: the customer, the day, the signature', async () => {
    const token = await tokenFor(1)
    const [prefix, said, signature] = token.split('.') as [string, string, string]
    const claims = JSON.parse(Buffer.from(said, 'base64url').toString())
    const forged = (change: (claims: unknown[]) => void): string => {
      const copy = structuredClone(claims)
      change(copy)
      return `${prefix}.${Buffer.from(JSON.stringify(copy)).toString('base64url')}.${signature}`
    }
    const tampered = [
      forged((copy) => {
        copy[0] = 2
      }),
      forged((copy) => {
        copy[5] = 9_999_999_999
      }),
      `${prefix}.${said}.${'A'.repeat(43)}`,
      `${prefix}.${said}`,
      'ct1..',
      `${token}x`,
      'null',
    ]
    for (const bad of tampered) expect(codeOf(await ask(bad)), bad).toBe('401 token_unknown')
    expect(codeOf(await http.call('POST', `${MINE}/placements`, { body: { placement: 'app_home' } }))).toBe(
      '401 token_missing',
    )
    expect(codeOf(await ask(http.key))).toBe('401 token_unknown')
  })

  test('for a page of another origin, on the list or not, or for a page at all when it is an app’s', async () => {
    const token = await tokenFor(1)
    const wrong = await ask(token, 'app_home', 'https://app.bank.example')
    expect(codeOf(wrong)).toBe('401 token_origin')
    const evil = await ask(token, 'app_home', 'https://evil.example')
    expect(codeOf(evil)).toBe('403 origin_not_allowed')
    expect(evil.headers['access-control-allow-origin']).toBeUndefined()
    expect(codeOf(await ask(token, 'app_home', null))).toBe('401 token_origin')
    const app = await tokenFor(1, { origin: undefined })
    expect((await ask(app, 'app_home', null)).status).toBe(200)
    expect(codeOf(await ask(app))).toBe('401 token_origin')
    const unknown = await http.call('POST', '/api/engage/inbound/tokens', {
      as: http.key,
      body: { customerId: 1, origin: 'https://evil.example' },
    })
    expect(codeOf(unknown)).toBe('400 origin_unknown')
  })

  test('to agree or wish in the customer’s name when somebody acts for them', async () => {
    const token = await tokenFor(1, { asker: 'attorney', acting: { source: 'core_customer', id: 'nobody' } })
    expect(codeOf(await call('GET', '/consents', token))).toBe('403 only_the_customer')
    expect(codeOf(await call('POST', '/consents', token, { choice: 'email', agreed: true }))).toBe(
      '403 only_the_customer',
    )
    expect(codeOf(await call('POST', '/plans', token, { what: 'need', topic: 'loan', key: 'x' }))).toBe(
      '403 only_the_customer',
    )
    expect((await ask(token)).status).toBe(404)
  })

  test('to a person: only a system that knows that the customer has signed in is given one', async () => {
    for (const login of ['riya', 'arthur', 'ada', 'dora'])
      expect(
        codeOf(await http.call('POST', '/api/engage/inbound/tokens', { as: login, body: { customerId: 1 } })),
      ).toBe('403 permission_missing')
  })
})

describe('a browser that asks before it calls', () => {
  const preflight = (url: string, origin: string) =>
    http.call('OPTIONS', url, { headers: { origin, 'access-control-request-method': 'POST' } })

  test('is told yes for the bank’s own pages, on these endpoints', async () => {
    const { status, headers } = await preflight(`${MINE}/placements`, PAGE)
    expect(status).toBe(204)
    expect(headers).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'authorization, content-type, idempotency-key',
      vary: 'origin',
    })
    expect(headers['access-control-allow-credentials']).toBeUndefined()
  })

  test('is told no for others, and everywhere else', async () => {
    const other = await preflight(`${MINE}/placements`, 'https://evil.example')
    expect(other.status).toBe(403)
    expect(other.headers['access-control-allow-origin']).toBeUndefined()
    for (const url of ['/api/know/customers/1', '/api/engage/inbound/tokens', '/api/engage/inbound/ask']) {
      const answer = await preflight(url, PAGE)
      expect(answer.status, url).toBe(404)
      expect(answer.headers['access-control-allow-origin'], url).toBeUndefined()
    }
  })
})

test('a customer who asks too often waits, and nobody else does', async () => {
  const { routes } = await import('../routes.ts')
  const { customerAsking } = await import('../tokens/index.ts')
  const app = buildServer({
    rt: bank.rt,
    routes,
    authenticate: () => null,
    customer: (rt, request) => customerAsking(rt, request.headers),
    origins: [PAGE],
  })
  const consents = async (token: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}`, origin: PAGE }
    return (await app.inject({ method: 'GET', url: `${MINE}/consents`, headers })).statusCode
  }
  const [often, seldom] = [await tokenFor(1), await tokenFor(2)]
  const answers = await Promise.all(Array.from({ length: 125 }, () => consents(often)))
  expect(answers).toContain(429)
  expect(await consents(seldom)).toBe(200)
  await app.close()
})
