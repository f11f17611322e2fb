/** A member of staff with a customer at the desk or on the phone: says one offer, notes what the customer tells. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'
import { read } from '#trust/audit'

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  const { documents } = await smallPlaybook((all) => all.filter((one) => one.kind !== 'experiment'))
  const all = [...documents.values()].flatMap((ofKind) => [...ofKind.values()])
  const inBranch = all
    .filter((one) => one.kind === 'treatment' && 'channel' in one && one.channel === 'app')
    .map((one) => ({ ...one, id: String(one.id).replace('_app', '_branch'), channel: 'branch', placements: undefined }))
  const plan = (id: string, more: object) => ({
    kind: 'attribute',
    id,
    title: `Plan ${id}`,
    meaning: 'What the customer told',
    type: 'date',
    source: { events: { types: ['plan.told'], fields: { plan: 'string', by_on: 'date' }, ...more } },
  })
  await runPlaybook(bank.rt, [
    ...all,
    ...inBranch.map((one) => JSON.parse(JSON.stringify(one))),
    { kind: 'channel', id: 'branch', title: 'Branch', direction: 'inbound', consent: 'none', actionsMax: 3 },
    { kind: 'placement', id: 'app_home', title: 'The app’s home', channel: 'app', actionsMax: 3 },
    {
      kind: 'placement',
      id: 'branch_desk',
      title: 'The adviser’s screen',
      channel: 'branch',
      actionsMax: 3,
      staffed: true,
    },
    plan('plan_home_on', { aggregate: 'last', of: 'by_on', where: "event.plan == 'home'" }),
    plan('plans_dear_on', {
      aggregate: 'last_date',
      where: "event.plan == 'home' && event.by_on > date('2026-01-01')",
    }),
  ])
  const { db } = bank.rt
  await db`insert into know.customer (customer_id, birth_on, branch_code, source)
           select n, '1990-05-05', '17', 'test' from generate_series(1, 4) n`
  await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
           select n, n, 'everyday', 'EUR', '2020-01-01', '{"small_savings": 4, "surplus": 9000, "card_spend": 220000, "pays_in_full": true}'
             from generate_series(1, 3) n`
  await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
           select n, n, 'owner', 'sole', 10000, '2020-01-01', n from generate_series(1, 3) n`
  await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
           values (4, 3, 'attorney', 'sole', 0, '2020-01-01', 3)`
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

const ask = (customerId: number, more: object = {}, as = 'riya') =>
  http.call('POST', '/api/engage/inbound/ask', { as, body: { customerId, placement: 'branch_desk', ...more } })
const tell = (body: object, as = 'riya') =>
  http.call('POST', '/api/engage/inbound/told', { as, body: { channel: 'branch', key: 'k1', ...body } })

describe('at the desk', () => {
  test('the one offer that the adviser chose is claimed, and nothing else', async () => {
    const { body } = await ask(1, { action: 'goal_saver' })
    expect(body.actions).toMatchObject([
      { action: 'goal_saver', offer: { rateBp: 175 }, tone: { guidance: expect.any(String) } },
    ])
    const contacts = await bank.rt.db`select action, channel from know.contact where customer_id = 1`
    expect(contacts).toEqual([{ action: 'goal_saver', channel: 'branch' }])
    const replayed = await http.call('POST', `/api/decide/decisions/${body.decisionId}/replay`, {
      as: 'dora',
      body: {},
    })
    expect(replayed.body).toMatchObject({ identical: true })
  })
  test('a no at the desk is known in the app with the next question, and it may not be said again', async () => {
    const asked = await ask(2, { action: 'goal_saver' })
    const [{ contactId }] = asked.body.actions
    const said = await http.call('POST', '/api/engage/inbound/responses', {
      as: 'riya',
      body: { contactId, kind: 'refuse' },
    })
    expect(said.body).toMatchObject({ state: 'refused' })
    const app = await http.call('POST', '/api/engage/inbound/ask', {
      as: http.key,
      body: { customerId: 2, placement: 'app_home' },
    })
    expect(app.body.actions.map(({ action }: { action: string }) => action)).not.toContain('goal_saver')
    const again = await ask(2, { action: 'goal_saver' })
    expect(again.body).toMatchObject({ actions: [], nothingBecause: 'no_longer' })
  })
  test('through somebody who acts for the customer nothing is sold, and who does not act is refused', async () => {
    const served = await ask(3, { action: 'goal_saver', asker: 'attorney', actingCustomerId: 4 })
    expect(served.body).toMatchObject({ actions: [], nothingBecause: 'no_longer' })
    const { status, body } = await ask(3, { asker: 'attorney', actingCustomerId: 1 })
    expect(`${status} ${body.error.code}`).toBe('403 authority_missing')
  })
  test('what staff may say and note is read from the playbook', async () => {
    const { body } = await http.call('GET', '/api/engage/inbound/desk', { as: 'arthur' })
    expect(
      body.placements.map(({ id, channelTitle }: { id: string; channelTitle: string }) => [id, channelTitle]),
    ).toEqual([['branch_desk', 'Branch']])
    expect(body.tellable).toEqual([
      { attribute: 'plan_home_on', title: 'Plan plan_home_on', meaning: 'What the customer told', dated: true },
    ])
  })
  test('a plan that the customer tells is known as soon as it is noted, once, with who noted it', async () => {
    const told = { customerId: 1, attribute: 'plan_home_on', on: '2026-09-01' }
    expect((await tell(told)).body).toEqual({ outcome: 'applied' })
    expect((await tell(told)).body).toEqual({ outcome: 'duplicate' })
    await http.drain()
    const { body } = await http.call('GET', '/api/know/attributes/of/1', { as: 'riya' })
    expect(body.attributes.plan_home_on).toBe('2026-09-01')
    const [entry] = (await read(bank.rt, { customerId: 1 })).filter(({ action }) => action === 'engage.inbound:told')
    expect(entry).toMatchObject({ actorKind: 'person', facts: { attribute: 'plan_home_on', channel: 'branch' } })
  })
  test('what no attribute waits for, a plan without a date, and a stranger’s customer are refused', async () => {
    const codeOf = async (body: object) => (await tell({ key: 'k2', ...body })).body.error.code
    expect(await codeOf({ customerId: 1, attribute: 'plans_dear_on' })).toBe('not_tellable')
    expect(await codeOf({ customerId: 1, attribute: 'plan_home_on' })).toBe('told_date')
    await http.person('far', { role: 'relationship_manager', units: [{ kind: 'branch', code: '99' }] })
    expect((await tell({ customerId: 1, attribute: 'plan_home_on', on: '2026-09-01', key: 'k3' }, 'far')).status).toBe(
      404,
    )
  })
})

describe('the number of a letter', () => {
  test('leads to the customer it was written to, for whoever may see them', async () => {
    const { body } = await ask(3)
    const [{ contactId }] = body.actions
    for (const [id, kind] of [
      [contactId, 'contact'],
      [body.decisionId, 'decision'],
    ])
      expect((await http.call('GET', `/api/engage/timeline/ids/${id}`, { as: 'riya' })).body).toEqual({
        kind,
        customerId: 3,
      })
    expect((await http.call('GET', `/api/engage/timeline/ids/${contactId}`, { as: 'far' })).status).toBe(404)
    const none = await http.call('GET', '/api/engage/timeline/ids/00000000-0000-8000-8000-000000000000', { as: 'riya' })
    expect(none.body.error.code).toBe('id_unknown')
  })
})
