import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import { type IdentityProvider, identityProvider } from '#test/identity-provider'
import { meaningOf, readGroups } from './outside.ts'

// A real identity provider: whoever signs in there is the account that the test names.
let provider: IdentityProvider
let bank: TestBank
let http: TestHttp

beforeAll(async () => {
  provider = await identityProvider()
  bank = await testBank({
    overrides: {
      access: {
        ...provider.settings,
        oidcGroups: { 'crm-managers': 'relationship_manager', 'branch-17': 'branch:17', board: 'board_member' },
      },
    },
  })
  http = await testHttp(bank)
})
afterAll(async () => {
  await http.close()
  await bank.close()
  await provider.close()
})

/** A browser at the provider: keeps its cookies and follows it until it sends the browser back to us. */
async function atTheProvider(start: string): Promise<URL> {
  const jar = new Map<string, string>()
  let at = start
  for (let step = 0; step < 12; step++) {
    const answer = await fetch(at, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair] = cookie.split(';') as [string]
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    const location = answer.headers.get('location')
    if (!location) throw new Error(`the provider stopped at ${at}: ${answer.status} ${await answer.text()}`)
    at = new URL(location, at).href
    if (at.includes('/outside/callback')) return new URL(at)
  }
  throw new Error('the provider sends the browser in circles')
}

const cookieFrom = (headers: Record<string, unknown>, name: string): string | undefined =>
  [headers['set-cookie']]
    .flat()
    .map(String)
    .find((cookie) => cookie.startsWith(`${name}=`))
    ?.split(';')[0]

const begin = async () => {
  const { status, headers } = await http.call('GET', '/api/trust/access/outside')
  expect(status).toBe(303)
  return { url: String(headers.location), browser: cookieFrom(headers, 'clientele_sign_in')! }
}
const end = (callback: URL, browser: string) =>
  http.call('GET', callback.pathname + callback.search, { headers: { cookie: browser } })

describe('signing in with the bank’s identity provider', () => {
  test('a person comes in with the roles and the branch that their groups mean, and sees themselves', async () => {
    const { url, browser } = await begin()
    expect(url).toContain('code_challenge_method=S256')
    const { status, headers } = await end(await atTheProvider(url), browser)
    expect([status, headers.location]).toEqual([303, '/'])
    const session = cookieFrom(headers, 'clientele_session')!
    const me = await http.call('GET', '/api/trust/access/me', { headers: { cookie: session } })
    expect(me.body.me).toMatchObject({
      name: 'Riya Sharma',
      roles: ['relationship_manager'],
      scope: { branches: ['17'] },
    })
    expect(String([headers['set-cookie']].flat()[0])).toMatch(/HttpOnly; SameSite=Lax/)
  })

  test('the same person comes in again as themselves, with what their groups mean by now', async () => {
    provider.account = { ...provider.account, groups: ['board'] }
    const { url, browser } = await begin()
    const { headers } = await end(await atTheProvider(url), browser)
    const me = await http.call('GET', '/api/trust/access/me', {
      headers: { cookie: cookieFrom(headers, 'clientele_session')! },
    })
    expect(me.body.me).toMatchObject({ roles: ['board_member'], scope: { branches: [] } })
    expect(await bank.rt.db`select 1 from trust.person`).toHaveLength(1)
  })

  test('somebody none of whose groups has a role here does not come in', async () => {
    provider.account = { ...provider.account, groups: ['canteen'] }
    const { url, browser } = await begin()
    expect((await end(await atTheProvider(url), browser)).body.error.code).toBe('no_role')
    provider.account = { ...provider.account, groups: ['crm-managers'] }
  })

  test('whoever came in a browser is told why on the sign-in page', async () => {
    provider.account = { ...provider.account, groups: ['canteen'] }
    const { url, browser } = await begin()
    const { pathname, search } = await atTheProvider(url)
    const headers = { cookie: browser, accept: 'text/html,application/xhtml+xml' }
    const { status, headers: told } = await http.call('GET', pathname + search, { headers })
    expect([status, told.location]).toEqual([303, '/?sign-in=no_role'])
    provider.account = { ...provider.account, groups: ['crm-managers'] }
  })

  test('an answer is good once, for the browser that asked, with its own state', async () => {
    const { url, browser } = await begin()
    const callback = await atTheProvider(url)
    const other = await begin()
    expect((await end(callback, other.browser)).body.error.code).toBe('outside_sign_in_refused')
    // The first try used the state up, whoever made it.
    expect((await end(callback, browser)).body.error.code).toBe('outside_sign_in_refused')
    const forged = new URL(callback)
    forged.searchParams.set('state', 'made-up')
    expect((await end(forged, browser)).body.error.code).toBe('outside_sign_in_refused')
  })

  test('a code that the provider did not give is refused', async () => {
    const { url, browser } = await begin()
    const callback = await atTheProvider(url)
    callback.searchParams.set('code', 'made-up')
    expect((await end(callback, browser)).body.error).toMatchObject({
      kind: 'unauthenticated',
      code: 'outside_sign_in_refused',
    })
  })

  test('an answer that comes after ten minutes is too late', async () => {
    const { url, browser } = await begin()
    const callback = await atTheProvider(url)
    bank.clock.advanceMs(601_000)
    expect((await end(callback, browser)).body.error.code).toBe('outside_sign_in_refused')
  })
})

describe('what a group may mean', () => {
  test('a role, the whole bank or a unit', () => {
    const groups = readGroups({ a: 'duty_manager', b: 'bank', c: 'portfolio:P 1' })
    expect(meaningOf(['a', 'b', 'c', 'd'], groups)).toEqual({
      roles: ['duty_manager'],
      units: [
        { kind: 'bank', code: '*' },
        { kind: 'portfolio', code: 'P 1' },
      ],
    })
  })
  test('anything else is told at start, with the group', () => {
    expect(() => readGroups({ a: 'king' })).toThrow('"king"')
  })
})
