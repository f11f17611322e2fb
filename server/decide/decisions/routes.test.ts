import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refreshModel } from '#decide/arbitration'
import { recordResponse } from '#know/interactions'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'
import { systemActor } from '#trust/access'
import { read } from '#trust/audit'

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  const { documents } = await smallPlaybook((all) => all.filter((one) => one.kind !== 'experiment'))
  await runPlaybook(
    bank.rt,
    [...documents.values()].flatMap((ofKind) => [...ofKind.values()]),
  )
  const { db } = bank.rt
  await db`insert into know.customer (customer_id, birth_on, branch_code, source)
           values (1, '1990-05-05', '0017', 'test'), (2, '1990-05-05', '0018', 'test')`
  await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
           select n, n, 'everyday', 'EUR', '2020-01-01', '{"small_savings": 4, "surplus": 9000}' from generate_series(1, 2) n`
  await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
           select n, n, 'owner', 'sole', 10000, '2020-01-01', n from generate_series(1, 2) n`
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

const URL = '/api/decide/decisions'
const ask = (body: object, as = http.key) =>
  http.call('POST', URL, { body: { customerId: 1, channel: 'app', ...body }, as })

describe('decisions over HTTP', () => {
  test('a channel asks, a data scientist reads why, replays, and asks what if', async () => {
    const asked = await ask({ placement: 'app_home' })
    expect(asked.status).toBe(200)
    expect(asked.body.actions[0]).toMatchObject({ action: 'goal_saver', offer: { rateBp: 175 } })
    const one = `${URL}/${asked.body.decisionId}`
    const why = await http.call('GET', one, { as: 'devi', query: { why: 'a complaint of March' } })
    expect(why.body.actions.find((a: { action: string }) => a.action === 'premium_card')).toMatchObject({
      verdict: 'applicability',
      reasons: expect.arrayContaining([
        expect.objectContaining({ clause: 'high_spender', needed: 'customer.card_spend_month_minor >= 150000' }),
      ]),
    })
    expect((await http.call('POST', `${one}/replay`, { as: 'devi' })).body).toMatchObject({ identical: true })
    expect(why.body).toMatchObject({
      today: '2026-03-02',
      asker: 'self',
      formula: expect.stringContaining('score.propensity'),
      shown: [{ action: 'goal_saver', treatment: 'goal_saver_app', offer: { rateBp: 175 } }],
    })
    const read = await http.call('GET', `/api/engage/content/decisions/${asked.body.decisionId}`, { as: 'dora' })
    expect(read.body.messages).toMatchObject([
      { action: 'goal_saver', language: 'en', text: expect.stringContaining('You put money aside 4 times') },
    ])
    const { facts } = (await http.call('GET', `${one}/facts`, { as: 'dora' })).body
    expect(facts.find((fact: { name: string }) => fact.name === 'customer.small_savings_90d')).toMatchObject({
      type: 'int',
      value: 4,
    })
    expect((await http.call('GET', `${one}/facts`, { as: 'arthur' })).status).toBe(403)
    const other = await http.call('POST', `${one}/what-if`, {
      as: 'devi',
      body: { change: { 'customer.surplus_month_minor': 0 } },
    })
    expect(other.body).toMatchObject({ before: ['goal_saver'], after: [] })
  })
  test('a preview says the same with its reasons, claims nothing, and leaves only who looked', async () => {
    const { db } = bank.rt
    const counts = () => db`
      select (select count(*) from decide.decision) as decisions, (select count(*) from know.contact) as contacts,
             (select count(*) from decide.assignment) as drawn, (select max(version) from platform.stream) as version`
    const [before] = await counts()
    const body = { customerId: 2, channel: 'app', placement: 'app_home' }
    const seen = await http.call('POST', `${URL}/preview`, { as: 'riya', body })
    expect(seen.body).toMatchObject({
      actions: [{ action: 'goal_saver', offer: { rateBp: 175 } }],
      nothingBecause: null,
    })
    expect(seen.body.considered.find((a: { action: string }) => a.action === 'premium_card').verdict).toBe(
      'applicability',
    )
    expect((await http.call('POST', `${URL}/preview`, { as: 'riya', body })).body).toEqual(seen.body)
    expect((await counts())[0]).toEqual(before)
    const [looked] = await read(bank.rt, { customerId: 2 })
    expect(looked).toMatchObject({ action: 'decide.decisions:previewed' })
    expect(
      (await http.call('POST', `${URL}/preview`, { as: http.key, body: { ...body, customerId: 999 } })).status,
    ).toBe(404)
    expect(
      (await http.call('POST', `${URL}/preview`, { as: 'riya', body: { ...body, channel: 'pigeon' } })).status,
    ).toBe(400)
  })
  test('an answer teaches the propensities, once', async () => {
    bank.clock.advanceMs(60_000)
    const { body } = await ask({})
    const [{ contactId }] = body.actions
    for (const kind of ['impression', 'accept'] as const)
      await recordResponse(bank.rt, {
        contactId,
        kind,
        idempotencyKey: `${contactId}:${kind}`,
        actor: systemActor('test'),
      })
    await http.drain()
    await http.drain()
    const counts = await http.call('GET', '/api/decide/arbitration/propensities', { as: 'devi' })
    expect(counts.body.propensities).toEqual([
      { action: 'goal_saver', treatment: 'goal_saver_app', channel: 'app', offered: 1, accepted: 1 },
    ])
    expect((await refreshModel(bank.rt)).counts).toHaveLength(1)
  })
  test('who answers for another branch sees no decision of this one; who may not explain is refused', async () => {
    const { body } = await ask({ customerId: 2 })
    await http.person('rosa', { role: 'relationship_manager', units: [{ kind: 'branch', code: '0017' }] })
    expect((await http.call('GET', `${URL}/${body.decisionId}`, { as: 'rosa' })).status).toBe(404)
    expect((await http.call('GET', `${URL}/${body.decisionId}`, { as: 'bertil' })).status).toBe(403)
    expect((await http.call('GET', `${URL}/${body.decisionId}`)).status).toBe(401)
  })
  test('a question that makes no sense is refused at its place', async () => {
    expect((await ask({ channel: 'fax' })).body.error).toMatchObject({ code: 'channel_unknown' })
    expect((await ask({ customerId: 'one' })).status).toBe(400)
    expect((await ask({ context: { mood: 'good' } })).status).toBe(400)
    expect((await ask({ customerId: 77 })).body.error).toMatchObject({ code: 'customer_unknown' })
    expect((await http.call('GET', `${URL}/00000000-0000-8000-8000-000000000000`, { as: 'devi' })).status).toBe(404)
  })
  test('the documents behind what may be said are read by kind, whole', async () => {
    const read = (kinds: string) =>
      http.call('GET', '/api/decide/propositions/documents', { as: 'petra', query: { kinds } })
    const { body } = await read('issue,policy')
    expect(body.documents.map(({ kind, id }: { kind: string; id: string }) => `${kind} ${id}`)).toEqual(
      expect.arrayContaining(['issue grow', 'policy goal_saver']),
    )
    expect(body.documents.find(({ id }: { id: string }) => id === 'goal_saver').eligibility[0]).toHaveProperty('admits')
    expect((await read('attribute')).body.error).toMatchObject({ code: 'kind_unknown' })
  })
  test('a treatment is read as a made-up customer would read it, with its figures', async () => {
    const { body } = await http.call('POST', '/api/engage/content/samples', {
      as: 'petra',
      body: { treatment: 'goal_saver_app', customer: { small_savings_90d: 4, surplus_month_minor: 9000 } },
    })
    expect(body).toMatchObject({
      channel: 'app',
      format: 'text',
      offer: { rateBp: 175, expiresOn: expect.any(String) },
    })
    expect(body.messages[0]).toMatchObject({ language: 'en', text: expect.stringContaining('1.75'), failed: null })
    const unknown = { treatment: 'no_such', customer: {} }
    expect((await http.call('POST', '/api/engage/content/samples', { as: 'petra', body: unknown })).status).toBe(404)
  })
  test('what was learned is told day by day', async () => {
    const { body } = await http.call('GET', '/api/decide/arbitration/learning', { as: 'devi' })
    expect(body.days.at(-1)).toMatchObject({
      on: '2026-03-02',
      counts: [{ action: 'goal_saver', channel: 'app', offered: 1, accepted: 1 }],
    })
  })
  test('the actions that run and the arms of experiments can be read', async () => {
    const { body } = await http.call('GET', '/api/decide/propositions/actions', { as: 'petra' })
    expect(body.actions.find((one: { action: string }) => one.action === 'premium_card')).toMatchObject({
      issue: 'grow',
      credit: true,
      treatments: [{ treatment: 'premium_card_app', channel: 'app', class: 'marketing' }],
    })
    expect((await http.call('GET', '/api/decide/experiments/arms', { as: 'devi' })).body).toEqual({ arms: [] })
  })
  test('a customer’s decisions are listed, newest first, and the look is on record', async () => {
    const { body } = await http.call('GET', URL, { as: 'devi', query: { customerId: 1 } })
    expect(body.decisions.length).toBeGreaterThan(1)
    expect(body.decisions.at(-1)).toMatchObject({ channel: 'app', chosen: ['goal_saver'], nothingBecause: null })
    const [entry] = await bank.rt
      .db`select count(*)::int as looks from trust.audit_entry where action = 'decide.decisions:viewed'`
    expect(entry).toEqual({ looks: 1 })
  })
})
