/**
 * Every route × every role × {own, team, other, absent customer} × {no, expired, revoked, forged, valid credential},
 * against golden/authorisation.csv, which people keep by hand. A row says to whom a route is open: 'everyone',
 * 'anybody known', 'systems' (keys only), 'customers' (by their own token only) or the roles; 'scoped' when it concerns one customer, who must be in scope.
 */
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routes } from '#app/modules'
import { giveToken } from '#engage/inbound'
import type { Route } from '#platform/http'
import { type TestBank, testBank } from '#test/harness'
import { type Answer, type TestHttp, testHttp } from '#test/http'
import { sampleOf } from '#test/sample'
import { ALL_PERMISSIONS, createKey, ROLES, type Role, revokeKey, systemActor } from '#trust/access'

interface Row {
  openTo: string
  roles: ReadonlySet<string>
  scoped: boolean
}

const GOLDEN = new Map<string, Row>(
  readFileSync('golden/authorisation.csv', 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [method, path, openTo = '', customer] = line.split(',')
      const named =
        openTo === 'everyone' || openTo === 'customers' || openTo === 'anybody known' || openTo === 'systems'
      return [
        `${method} ${path}`,
        { openTo, roles: new Set(named ? [] : openTo.split(' ')), scoped: customer === 'scoped' },
      ]
    }),
)

const OWN = 101
const TEAM = 102
const OTHER = 103
const ABSENT = 104
const nameOf = (route: Route): string => `${route.method} ${route.url}`
// Last, since it ends the session of who calls it.
const sorted = [...routes].sort(
  (a, b) =>
    Number(nameOf(a).startsWith('DELETE /api/trust/access/sessions')) -
    Number(nameOf(b).startsWith('DELETE /api/trust/access/sessions')),
)

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  for (const [customerId, branch] of [
    [OWN, '17'],
    [TEAM, '17'],
    [OTHER, '18'],
  ] as const) {
    await bank.rt
      .db`insert into know.customer (customer_id, full_name, branch_code) values (${customerId}, 'somebody', ${branch})`
  }
  for (const role of ROLES) await http.person(role, { role, units: [{ kind: 'branch', code: '17' }], customerId: OWN })
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

/** The plainest call that the route's schemas let through, about the customer given. */
function callOf(route: Route, customerId: number): { url: string; body?: unknown; query?: Record<string, string> } {
  const named = { customerId, personId: '00000000-0000-8000-8000-000000000000' }
  const params = route.params ? (sampleOf(route.params, named) as Record<string, unknown>) : {}
  const query = route.query ? (sampleOf(route.query, named) as Record<string, unknown>) : {}
  const url = route.url.replace(/:(\w+)/g, (_, name) => encodeURIComponent(String(params[name] ?? 'x')))
  return {
    url,
    query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
    ...(route.body ? { body: sampleOf(route.body, named) } : {}),
  }
}

const call = (
  route: Route,
  as: string | undefined,
  customerId: number,
  headers: Record<string, string> = {},
): Promise<Answer> => {
  const { url, body, query } = callOf(route, customerId)
  return http.call(route.method, url, {
    ...(as === undefined ? {} : { as }),
    headers,
    ...(body === undefined ? {} : { body }),
    ...(query ? { query } : {}),
  })
}

/** What an answer says of the right to ask: the rest of it is other tests' matter. */
const verdictOf = ({ status, body }: Answer): string => {
  if (status === 401) return 'unknown'
  const code = body?.error?.code
  return ['permission_missing', 'own_record', 'no_such_customer', 'csrf_token_wrong'].includes(code) ? code : 'may'
}

describe('the table of who may do what', () => {
  test('has a row for every route, and no row without its route', () => {
    const found = new Set(routes.map(nameOf))
    expect(
      [...found].filter((name) => !GOLDEN.has(name)),
      'routes without a row in golden/authorisation.csv',
    ).toEqual([])
    expect(
      [...GOLDEN.keys()].filter((name) => !found.has(name)),
      'rows without a route',
    ).toEqual([])
  })

  test('names roles that there are, and routes need permissions that there are', () => {
    expect(
      [...GOLDEN.values()].flatMap((row) => [...row.roles]).filter((role) => !ROLES.includes(role as Role)),
    ).toEqual([])
    const unknown = routes.filter((route) => route.needs.includes(':') && !ALL_PERMISSIONS.has(route.needs))
    expect(unknown.map((route) => `${nameOf(route)} needs ${route.needs}`)).toEqual([])
  })

  test('marks as scoped what is about one customer, and nothing else', () => {
    const differs = routes.filter(
      (route) => (route.scope !== undefined) !== (GOLDEN.get(nameOf(route))?.scoped ?? false),
    )
    expect(differs.map(nameOf)).toEqual([])
  })
})

describe('each route', () => {
  test.each(sorted.map((route) => [nameOf(route), route] as const))('%s', async (name, route) => {
    const row = GOLDEN.get(name) ?? { openTo: '', roles: new Set<string>(), scoped: false }
    const verdict = async (as: string | undefined, customerId = TEAM, headers?: Record<string, string>) =>
      verdictOf(await call(route, as, customerId, headers))
    if (row.openTo === 'everyone') {
      const { status } = await call(route, undefined, TEAM)
      // Signing in is open to everyone, and refuses whom it does not know.
      expect(status === 401 && !name.includes('/sessions') && !name.includes('/outside')).toBe(false)
      return
    }
    if (row.openTo === 'customers') {
      expect(await verdict(undefined), 'without a token').toBe('unknown')
      for (const [what, headers] of Object.entries(await badCredentials()))
        expect(await verdict(undefined, TEAM, headers), what).toBe('unknown')
      for (const role of ROLES) expect(await verdict(role), role).toBe('unknown')
      expect(await verdict(http.key), 'a key with every permission a key may have').toBe('unknown')
      const { token } = await giveToken(bank.rt, { customerId: TEAM, actor: systemActor('test') })
      expect(await verdict(token), 'the customer').toBe('may')
      return
    }
    expect(await verdict(undefined), 'without a credential').toBe('unknown')
    for (const [what, headers] of Object.entries(await badCredentials())) {
      expect(await verdict(undefined, TEAM, headers), what).toBe('unknown')
    }
    for (const role of ROLES) {
      const may = row.openTo === 'anybody known' || row.roles.has(role)
      expect(await verdict(role), `${role}, a customer of their team`).toBe(may ? 'may' : 'permission_missing')
      if (!row.scoped) continue
      expect(await verdict(role, OWN), `${role}, their own record`).toBe(may ? 'own_record' : 'permission_missing')
      expect(await verdict(role, OTHER), `${role}, another branch's customer`).toBe(
        may ? 'no_such_customer' : 'permission_missing',
      )
      expect(await verdict(role, ABSENT), `${role}, a customer who is not there`).toBe(
        may ? 'no_such_customer' : 'permission_missing',
      )
    }
    expect(await verdict(http.key), 'a key with every permission a key may have').toBe(
      route.needs === 'trust.access:manage' ? 'permission_missing' : 'may',
    )
  })
})

let bad: Record<string, Record<string, string>> | undefined
/** Credentials that once were good, and some that never were. */
async function badCredentials(): Promise<Record<string, Record<string, string>>> {
  if (bad) return bad
  const { rt, clock } = bank
  const actor = systemActor('test')
  const permissions = [...ALL_PERMISSIONS].filter((permission) => permission !== 'trust.access:manage')
  const revoked = await createKey(rt, { title: 'lost', permissions }, actor)
  await revokeKey(rt, revoked.keyId, 'lost', actor)
  const expired = await createKey(rt, { title: 'old', permissions, days: 1 }, actor)
  await rt.db`update trust.api_key set expires_at = ${clock.now()} where key_id = ${expired.keyId}`
  const session = async (ended: Date | null, expires: Date): Promise<Record<string, string>> => {
    const token = randomBytes(20).toString('hex')
    await rt.db`
      insert into trust.session (session_digest, person_id, begun_at, seen_at, expires_at, ended_at)
      select ${createHash('sha256').update(token).digest('hex')}, person_id, ${clock.now()}, ${clock.now()}, ${expires}, ${ended}
        from trust.person where login = 'administrator'`
    return { cookie: `clientele_session=${token}` }
  }
  bad = {
    'with an expired key': { authorization: `Bearer ${expired.key}` },
    'with a revoked key': { authorization: `Bearer ${revoked.key}` },
    'with a forged key': { authorization: `Bearer clk_AAAAAAAA_${'0'.repeat(32)}` },
    'with a malformed key': { authorization: "Bearer ' or 1=1 --" },
    'with another scheme': { authorization: 'Basic YWRtaW46YWRtaW4=' },
    'with an expired session': await session(null, clock.now()),
    'with an ended session': await session(clock.now(), new Date('9000-01-01')),
    'with a forged session': { cookie: 'clientele_session=made-up' },
  }
  return bad
}
