/** An adviser calls a customer: what may be said is decided for that channel, and what came of it is known. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'
import { systemActor } from '#trust/access'
import { read } from '#trust/audit'
import { giveConsent } from '#trust/consents'
import { registerKinds } from '#trust/playbook'
import { kinds } from '../index.ts'

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  // Nobody is called before nine.
  bank.clock.advanceMs(7_200_000)
  registerKinds(...(kinds as unknown as readonly never[]))
  const { documents } = await smallPlaybook((all) => all.filter((one) => one.kind !== 'experiment'))
  const all = [...documents.values()].flatMap((ofKind) => [...ofKind.values()])
  const app = all.find((one) => one.kind === 'treatment' && one.id === 'goal_saver_app')!
  await runPlaybook(bank.rt, [
    ...all,
    {
      ...app,
      id: 'goal_saver_call',
      title: 'Goal Saver, call',
      channel: 'call',
      placements: ['outbound_call'],
    } as never,
    {
      kind: 'placement',
      id: 'outbound_call',
      title: 'A call to the customer',
      channel: 'call',
      actionsMax: 1,
      staffed: true,
      validForSeconds: 1_209_600,
    } as never,
  ])
  const { db } = bank.rt
  await db`insert into know.customer (customer_id, birth_on, branch_code, source)
           select n, '1990-05-05', '17', 'test' from generate_series(1, 6) n`
  await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
           select n, n, 'everyday', 'EUR', '2020-01-01', '{"small_savings": 4, "surplus": 9000}' from generate_series(1, 6) n`
  await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
           select n, n, 'owner', 'sole', 10000, '2020-01-01', n from generate_series(1, 6) n`
  for (const customerId of [1, 2, 3, 4])
    await giveConsent(bank.rt, {
      customerId,
      purpose: 'marketing',
      channel: 'call',
      evidence: { how: 'branch' },
      actor: systemActor('test'),
    })
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

const begin = (customerId: number) =>
  http.call('POST', '/api/engage/inbound/ask', {
    as: 'riya',
    body: { customerId, placement: 'outbound_call', reason: 'outbound_call' },
  })
const begun = async (customerId: number): Promise<string> => (await begin(customerId)).body.actions[0].contactId
const note = (body: object, as = 'riya') =>
  http.call('POST', '/api/engage/inbound/calls', { as, body: { key: 'k1', ...body } })
const open = async (customerId: number) =>
  (await http.call('GET', `/api/engage/inbound/calls/${customerId}`, { as: 'riya' })).body.calls
const contact = async (contactId: string) =>
  (
    await bank.rt.db<{ state: string; direction: string; reason: string | null }[]>`
      select state, direction, reason from know.contact where contact_id = ${contactId}`
  )[0]

test('nobody is called with an offer who has not agreed to calls', async () => {
  expect((await begin(5)).body).toMatchObject({ actions: [], nothingBecause: 'nothing_eligible' })
})

test('what may be said in a call is claimed with its words, and stands open until it is answered', async () => {
  const { body } = await begin(1)
  expect(body.actions).toMatchObject([{ action: 'goal_saver', treatment: 'goal_saver_call', text: expect.any(String) }])
  const [{ contactId }] = body.actions
  expect(await contact(contactId)).toMatchObject({ state: 'claimed', direction: 'outbound' })
  expect(await open(1)).toMatchObject([{ contactId, reached: false, callBackAt: null }])
  const said = await http.call('POST', '/api/engage/inbound/responses', {
    as: 'riya',
    body: { contactId, kind: 'accept' },
  })
  expect(said.body).toMatchObject({ state: 'accepted' })
  expect(await open(1)).toEqual([])
})

test('who was not reached: the contact has failed, is on the timeline and in the audit, and counts as a call', async () => {
  const contactId = await begun(2)
  const noted = { contactId, outcome: 'not_reached' }
  expect((await note(noted)).body).toEqual({ contactId, state: 'failed' })
  expect((await note(noted)).body).toEqual({ contactId, state: 'failed' })
  expect((await note({ ...noted, key: 'k2' })).body.error.code).toBe('call_ended')
  expect(await contact(contactId)).toMatchObject({ state: 'failed', reason: 'not_reached' })
  const [entry] = (await read(bank.rt, { customerId: 2 })).filter(({ action }) => action === 'engage.inbound:called')
  expect(entry).toMatchObject({ actorKind: 'person', facts: { outcome: 'not_reached', channel: 'call' } })
  await http.drain()
  const { body } = await http.call('GET', '/api/engage/timeline/2', { as: 'riya', query: { limit: '20' } })
  const titles = JSON.stringify(body.items)
  expect(titles).toContain('call.not_reached')
  expect(titles).toContain(contactId)
  // The cap of the policy takes a call that rang for one that was made.
  expect((await begin(2)).body.actions).toEqual([])
})

test('who asks to be called back is reached; the time stands there, and the answer is given then', async () => {
  const contactId = await begun(3)
  const at = new Date(bank.clock.now().getTime() + 7_200_000).toISOString()
  for (const wrong of [{}, { callBackAt: '2020-01-01T00:00:00Z' }, { callBackAt: '2030-01-01T00:00:00Z' }])
    expect((await note({ contactId, outcome: 'call_back', ...wrong, key: 'kw' })).body.error.code).toBe(
      'call_back_time',
    )
  expect((await note({ contactId, outcome: 'call_back', callBackAt: at, key: 'k4' })).body.state).toBe('shown')
  expect(await open(3)).toMatchObject([{ contactId, reached: true, callBackAt: at }])
  const said = await http.call('POST', '/api/engage/inbound/responses', {
    as: 'riya',
    body: { contactId, kind: 'refuse' },
  })
  expect(said.body).toMatchObject({ state: 'refused' })
  expect(await open(3)).toEqual([])
})

test('what was shown in the app is no call, and a stranger’s call is nobody’s', async () => {
  const { body } = await http.call('POST', '/api/decide/decisions', {
    as: http.key,
    body: { customerId: 4, channel: 'app' },
  })
  const [{ contactId }] = body.actions
  expect((await note({ contactId, outcome: 'not_reached', key: 'k5' })).body.error.code).toBe('not_a_call')
  await http.person('far', { role: 'relationship_manager', units: [{ kind: 'branch', code: '99' }] })
  const theirs = await begun(4)
  expect((await note({ contactId: theirs, outcome: 'not_reached', key: 'k6' }, 'far')).status).toBe(404)
  expect((await http.call('GET', '/api/engage/inbound/calls/4', { as: 'far' })).status).toBe(404)
})
