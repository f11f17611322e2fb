import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { type Answer, type TestHttp, testHttp } from '#test/http'
import { createFirstAdministrator } from '#trust/access'

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  await bank.rt
    .db`insert into know.customer (customer_id, full_name, branch_code) values (7, 'somebody', '17'), (8, 'somebody else', '18')`
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

/** A browser: keeps the session cookie and the token for changes. */
function browser() {
  let cookie = ''
  let csrfToken = ''
  const keep = ({ headers, body }: Answer): void => {
    const set = [headers['set-cookie']].flat().filter(Boolean).map(String)
    for (const one of set) if (one.startsWith('clientele_session=')) cookie = one.split(';')[0]!
    if (body?.csrfToken) csrfToken = body.csrfToken
  }
  return {
    cookieText: () => cookie,
    async call(method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
      const sent = { ...(cookie ? { cookie } : {}), ...(csrfToken ? { 'x-csrf-token': csrfToken } : {}), ...headers }
      const answer = await http.call(method, url, { headers: sent, ...(body === undefined ? {} : { body }) })
      keep(answer)
      return answer
    },
  }
}
const signIn = (of: ReturnType<typeof browser>, login: string, password: string) =>
  of.call('POST', '/api/trust/access/sessions', { login, password })

describe('the first day of a bank, in a browser', () => {
  const ada = browser()
  const riya = browser()
  let riyaId = ''
  let oneTimePassword = ''

  test('the first administrator signs in with the one-time password and may only change it', async () => {
    const first = await createFirstAdministrator(bank.rt)
    const answer = await signIn(ada, 'administrator', first!.oneTimePassword)
    expect(answer).toMatchObject({ status: 201, body: { me: { mustChangePassword: true, permissions: [] } } })
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^clientele_session=\w+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/,
    )
    expect((await ada.call('GET', '/api/trust/access/people')).body.error.code).toBe('permission_missing')
    const changed = await ada.call('PUT', '/api/trust/access/me/password', {
      current: first!.oneTimePassword,
      next: 'correct horse battery',
    })
    expect(changed.body.me).toMatchObject({ mustChangePassword: false, roles: ['administrator'] })
    expect((await ada.call('GET', '/api/trust/access/people')).status).toBe(200)
  })

  test('lets a relationship manager of branch 17 in, whose login nobody else can have', async () => {
    const person = {
      login: 'riya.sharma',
      name: 'Riya Sharma',
      roles: ['relationship_manager'],
      units: [{ kind: 'branch', code: '17' }],
    }
    const made = await ada.call('POST', '/api/trust/access/people', person)
    expect(made.status).toBe(201)
    riyaId = made.body.personId
    oneTimePassword = made.body.oneTimePassword
    expect((await ada.call('POST', '/api/trust/access/people', person)).body.error.code).toBe('login_taken')
    expect(
      (await ada.call('POST', '/api/trust/access/people', { ...person, login: 'other', roles: ['king'] })).body.error
        .code,
    ).toBe('role_unknown')
  })

  test('who signs in, chooses a password, and sees branch 17 and no other', async () => {
    await signIn(riya, 'riya.sharma', oneTimePassword)
    await riya.call('PUT', '/api/trust/access/me/password', { current: oneTimePassword, next: 'another good secret' })
    expect((await riya.call('GET', '/api/trust/consents/7')).status).toBe(200)
    expect((await riya.call('GET', '/api/trust/consents/8')).body.error.code).toBe('no_such_customer')
  })

  test('a change without the token that came with the sign-in is refused, and the token can be asked for again', async () => {
    const without = await http.call('DELETE', '/api/trust/access/sessions/current', {
      headers: { cookie: riya.cookieText() },
    })
    expect(without.body.error.code).toBe('csrf_token_wrong')
    const { body } = await http.call('GET', '/api/trust/access/me', { headers: { cookie: riya.cookieText() } })
    const again = await http.call('PUT', '/api/trust/access/me/password', {
      headers: { cookie: riya.cookieText(), 'x-csrf-token': body.csrfToken },
      body: { current: 'wrong', next: 'x' },
    })
    expect(again.body.error.code).toBe('password_wrong')
  })

  test('an administrator changes the access of others, never their own', async () => {
    const { body } = await ada.call('GET', '/api/trust/access/me')
    expect(
      (await ada.call('PUT', `/api/trust/access/people/${body.me.id}/roles`, { roles: ['duty_manager'] })).body.error
        .code,
    ).toBe('own_access')
    expect(
      (await ada.call('PUT', `/api/trust/access/people/${riyaId}/units`, { units: [{ kind: 'branch', code: '18' }] }))
        .status,
    ).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 1010))
    expect((await riya.call('GET', '/api/trust/consents/8')).status).toBe(200)
  })

  test('whose access was closed is out within a second, and does not come in again', async () => {
    expect(
      (await ada.call('PUT', `/api/trust/access/people/${riyaId}/closure`, { reason: 'left the bank' })).status,
    ).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 1010))
    expect((await riya.call('GET', '/api/trust/access/me')).body.error.code).toBe('session_ended')
    expect((await signIn(browser(), 'riya.sharma', 'another good secret')).body.error.code).toBe('sign_in_refused')
  })

  test('and all of it is on record', async () => {
    const { body } = await http.call('GET', '/api/trust/audit/entries', { as: 'dora' })
    const actions = body.entries.map((entry: { action: string }) => entry.action)
    for (const action of [
      'person_created',
      'signed_in',
      'password_changed',
      'units_set',
      'person_closed',
      'sign_in_refused',
    ])
      expect(actions).toContain(`trust.access:${action}`)
    expect(JSON.stringify(body)).not.toMatch(/correct horse|another good|Riya/)
  })
})

describe('a key for another system', () => {
  test('is made by an administrator, shown once, used and revoked', async () => {
    const made = await http.call('POST', '/api/trust/access/keys', {
      as: 'ada',
      body: { title: 'monitoring', permissions: ['platform.jobs:read'], days: 30 },
    })
    expect(made.status).toBe(201)
    const { key, keyId } = made.body
    expect((await http.call('GET', '/api/platform/jobs', { as: key })).status).toBe(200)
    expect((await http.call('GET', '/api/trust/access/keys', { as: key })).body.error.code).toBe('permission_missing')
    expect(JSON.stringify((await http.call('GET', '/api/trust/access/keys', { as: 'ada' })).body)).not.toContain(key)
    await http.call('PUT', `/api/trust/access/keys/${keyId}/revocation`, {
      as: 'ada',
      body: { reason: 'no longer needed' },
    })
    await new Promise((resolve) => setTimeout(resolve, 1010))
    expect((await http.call('GET', '/api/platform/jobs', { as: key })).body.error.code).toBe('key_revoked')
  })
})

describe('a sealed record', () => {
  const see = (as: string, headers = {}) => http.call('GET', '/api/trust/consents/7', { as, headers })

  test('is open to those who may, with a reason that goes on record', async () => {
    expect((await see('arthur')).status).toBe(200)
    await http.call('PUT', '/api/trust/access/seals/7/vip', { as: 'dora', body: { reason: 'a person of public life' } })
    expect((await see('arthur')).body.error.code).toBe('no_such_customer')
    expect((await see('riya')).body.error).toMatchObject({ code: 'reason_needed', facts: { seals: ['vip'] } })
    expect((await see('riya', { 'x-access-reason': 'She sits here and asks for her consents.' })).status).toBe(200)
    const { body } = await http.call('GET', '/api/trust/audit/entries?customerId=7&action=trust.seals:opened', {
      as: 'dora',
    })
    expect(body.entries).toMatchObject([
      { reason: 'She sits here and asks for her consents.', facts: { seals: ['vip'] } },
    ])
  })

  test('and the reason is kept in whatever letters it was written, though a browser must encode them', async () => {
    const reason = 'Η πελάτισσα ρωτά, 50 % λιγότερα'
    expect((await see('riya', { 'x-access-reason': encodeURIComponent(reason) })).status).toBe(200)
    const { body } = await http.call('GET', '/api/trust/audit/entries?customerId=7&action=trust.seals:opened', {
      as: 'dora',
    })
    expect(body.entries.map((entry: { reason: string }) => entry.reason)).toContain(reason)
  })

  test('is open to all in scope again when the seal is taken off', async () => {
    await http.call('DELETE', '/api/trust/access/seals/7/vip', { as: 'dora', body: { reason: 'left public life' } })
    expect((await see('arthur')).status).toBe(200)
  })
})

describe('the audit, read over HTTP', () => {
  test('is exported as CSV that no spreadsheet runs, and verified', async () => {
    const { body, headers } = await http.call('GET', '/api/trust/audit/export', { as: 'dora' })
    expect(headers['content-type']).toContain('text/csv')
    expect(body.split('\r\n')[0]).toBe('at,actorKind,actorId,action,subject,customers,reason,facts,chain,sequence')
    expect((await http.call('POST', '/api/trust/audit/verifications', { as: 'dora' })).body).toMatchObject({
      whole: true,
      breaks: [],
    })
  })
})
