import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  await bank.rt.db`
    insert into know.customer (customer_id, birth_on, email, phone, branch_code, source) values
      (31, '1985-04-01', 'elif.tom@example.org', '+49 30 1234567', '17', 'core'),
      (32, '1984-09-12', 'Elif.Tom@example.org', '+49 30 7654321', '17', 'core'),
      (33, '2008-03-20', 'lea@example.org', '+49 30 1111111', '17', 'core')`
  await http.person('clerk', { role: 'contact_centre_agent', units: [{ kind: 'branch', code: '17' }] })
  await http.person('elsewhere', { role: 'contact_centre_agent', units: [{ kind: 'branch', code: '99' }] })
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

const CONSENTS = '/api/trust/consents'
const EMAIL = {
  purpose: 'marketing',
  channel: 'email',
  evidence: { how: 'spoken on the telephone', reference: 'rec-1' },
}
const say = (customerId: number, body: object, as = 'clerk', headers = {}) =>
  http.call('POST', `${CONSENTS}/${customerId}`, { as, body, headers })

describe('what a customer says, over HTTP', () => {
  test('it binds before the answer, and the answer shows it', async () => {
    const given = await say(31, { ...EMAIL, state: 'given' })
    expect([given.status, given.body.marketing.email]).toEqual([200, true])
    const withdrawn = await say(31, { ...EMAIL, state: 'withdrawn' })
    expect(withdrawn.body.marketing.email).toBe(false)
    const { body } = await http.call('GET', `${CONSENTS}/31`, { as: 'clerk' })
    expect(body).toEqual(withdrawn.body)
  })

  test('the history shows the evidence and who recorded it; the newest first', async () => {
    const { body } = await http.call('GET', `${CONSENTS}/31/history`, { as: 'clerk' })
    expect(body.records.map(({ state }: { state: string }) => state)).toEqual(['withdrawn', 'given'])
    expect(body.records[0].evidence).toEqual(EMAIL.evidence)
  })

  test('the data protection officer takes everything with them as a table that no spreadsheet runs', async () => {
    await bank.rt
      .db`insert into know.customer (customer_id, birth_on, branch_code, source) values (34, '1980-01-01', '17', 'core')`
    await say(34, { ...EMAIL, state: 'given', evidence: { how: 'letter', said: '=HYPERLINK("http://evil.example")' } })
    const { status, body, headers } = await http.call('GET', `${CONSENTS}/export`, { as: 'dora' })
    expect([status, String(headers['content-type'])]).toEqual([200, 'text/csv; charset=utf-8'])
    const lines = body.trim().split('\r\n')
    expect(lines).toHaveLength(4)
    expect(lines.find((line: string) => line.startsWith('34,'))).toContain('"\'=HYPERLINK(""http://evil.example"")"')
    const none = await http.call('GET', `${CONSENTS}/export`, { as: 'dora', query: { purpose: 'profiling' } })
    expect(none.body.trim().split('\r\n')).toHaveLength(1)
    await http.person('part', { role: 'data_protection_officer', units: [{ kind: 'branch', code: '17' }] })
    const part = await http.call('GET', `${CONSENTS}/export`, { as: 'part' })
    expect([part.status, part.body.error.code]).toEqual([403, 'whole_bank_needed'])
  })

  test('without evidence, with an unknown word, or for a channel that is not agreed to, nothing is recorded', async () => {
    const answers = [
      await say(31, { purpose: 'marketing', channel: 'email', state: 'given' }),
      await say(31, { ...EMAIL, state: 'maybe' }),
      await say(31, { ...EMAIL, channel: 'app', state: 'given' }),
      await say(31, { purpose: 'profiling', channel: 'email', state: 'objected', evidence: { how: 'x' } }),
      await say(31, { ...EMAIL, state: 'given', until: '2030-01-01' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400])
    const { body } = await http.call('GET', `${CONSENTS}/31/history`, { as: 'clerk' })
    expect(body.records).toHaveLength(2)
  })

  test('sent twice with the same key it is recorded once', async () => {
    const headers = { 'idempotency-key': 'app-settings-1' }
    const first = await say(32, { ...EMAIL, state: 'given' }, 'clerk', headers)
    expect((await say(32, { ...EMAIL, state: 'given' }, 'clerk', headers)).body).toEqual(first.body)
    expect((await say(32, { ...EMAIL, state: 'objected' }, 'clerk', headers)).status).toBe(422)
    const { body } = await http.call('GET', `${CONSENTS}/32/history`, { as: 'clerk' })
    expect(body.records).toHaveLength(1)
  })

  test('somebody of another branch neither sees nor changes it', async () => {
    expect((await http.call('GET', `${CONSENTS}/31`, { as: 'elsewhere' })).status).toBeGreaterThanOrEqual(403)
    expect((await say(31, { ...EMAIL, state: 'given' }, 'elsewhere')).status).toBeGreaterThanOrEqual(403)
  })
})

describe('an e-mail address that two people share', () => {
  test('an opt-out by it ends the consent of both, and of nobody else', async () => {
    for (const id of [31, 32, 33]) await say(id, { ...EMAIL, state: 'given' })
    const { status, body } = await http.call('POST', `${CONSENTS}/suppressions`, {
      as: 'clerk',
      body: { medium: 'email', address: ' ELIF.TOM@example.org', evidence: { how: 'unsubscribe link' } },
    })
    expect([status, body]).toEqual([200, { suppressed: true, customers: 2 }])
    const open = async (id: number) =>
      (await http.call('GET', `${CONSENTS}/${id}`, { as: 'clerk' })).body.marketing.email
    expect([await open(31), await open(32), await open(33)]).toEqual([false, false, true])
  })
})

describe('Lea turns eighteen on the twentieth of March', () => {
  test('what she agreed to as a child is over that day', async () => {
    await say(33, { ...EMAIL, state: 'given' })
    const email = async () => (await http.call('GET', `${CONSENTS}/33`, { as: 'clerk' })).body.marketing.email
    expect(await email()).toBe(true)
    bank.clock.set('2026-03-20T09:00:00Z')
    expect(await email()).toBe(false)
    await say(33, { ...EMAIL, state: 'given' })
    expect(await email()).toBe(true)
  })
})

describe('how the whole base stands', () => {
  test('the officer sees counts by purpose and channel, and no customer', async () => {
    bank.clock.advanceMs(120_000)
    await say(33, { ...EMAIL, state: 'given' })
    const { status, body } = await http.call('GET', `${CONSENTS}/overview`, { as: 'dora' })
    expect(status).toBe(200)
    const email = body.lines.find(({ channel }: { channel: string }) => channel === 'email')
    expect(email.given + email.withdrawn + email.objected + email.unsaid).toBe(body.customers)
    expect(email.given).toBeGreaterThan(0)
    expect(body.days).toHaveLength(30)
    expect(body.days.at(-1).given).toBeGreaterThan(0)
    expect((await http.call('GET', `${CONSENTS}/overview`, { as: 'clerk' })).status).toBe(403)
  })
})
