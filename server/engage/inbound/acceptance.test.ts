import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { invariants as decisionInvariants } from '#decide/decisions'
import { invariants as contactInvariants } from '#know/interactions'
import { runInvariants } from '#platform/postgres'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'
import { registerKinds } from '#trust/playbook'
import { invariants, kinds } from './index.ts'

const DAY_MS = 86_400_000
const ORIGIN = 'https://online.bank.example'
let bank: TestBank
let http: TestHttp
/** Elif (1) and Tom (2) sign together for account 10; Ann (3) and Ben (4) may each sign alone for 30; Jonas (5) has his own. */
beforeAll(async () => {
  bank = await testBank({ overrides: { http: { origins: [ORIGIN] } } })
  http = await testHttp(bank)
  registerKinds(...(kinds as unknown as readonly never[]))
  const { documents } = await smallPlaybook((all) => all.filter((one) => one.kind !== 'experiment'))
  const all = [...documents.values()].flatMap((ofKind) => [...ofKind.values()])
  const goal = all.find((one) => one.kind === 'action' && one.id === 'goal_saver')!
  await runPlaybook(bank.rt, [
    ...all.filter((one) => one !== goal),
    // As if the Goal Saver were a change of the account that people have.
    { ...goal, changesHoldingOf: ['everyday'] } as never,
    { kind: 'placement', id: 'app_home', title: 'Home of the app', channel: 'app', actionsMax: 3 } as never,
  ])
  const { db } = bank.rt
  await db`insert into know.customer (customer_id, birth_on, source)
           select n, '1990-05-05', 'test' from generate_series(1, 6) n`
  await db`insert into know.customer_key (source, external_id, customer_id)
           select 'core', 'C' || n, n from generate_series(1, 6) n`
  const holding = async (holdingId: number, owners: number[], authority: string) => {
    const [holder] = owners
    await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
             values (${holder!}, ${holdingId}, 'everyday', 'EUR', '2020-01-01', '{"small_savings": 4, "surplus": 9000}')`
    await db`insert into know.holding_key (source, external_id, customer_id, holding_id)
             values ('core', ${`H${holdingId}`}, ${holder!}, ${holdingId})`
    for (const owner of owners)
      await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
               values (${owner}, ${holdingId}, 'owner', ${authority}, ${10_000 / owners.length}, '2020-01-01', ${holder!})`
  }
  await holding(10, [1, 2], 'both')
  await holding(11, [1], 'sole')
  await holding(30, [3, 4], 'either')
  await holding(50, [5], 'sole')
}, 120_000)
afterAll(async () => {
  await http.close()
  await bank.close()
})

const offered = async (customerId: number): Promise<string> => {
  const { body } = await http.call('POST', '/api/engage/inbound/ask', {
    as: http.key,
    body: { customerId, placement: 'app_home' },
  })
  return body.actions.find(({ action }: { action: string }) => action === 'goal_saver').contactId
}
const answer = (contactId: string, kind: string, more: object = {}) =>
  http.call('POST', '/api/engage/inbound/responses', { as: http.key, body: { contactId, kind, ...more } })
const who = (id: string) => ({ by: { source: 'core', id } })
const stateOf = async (contactId: string) =>
  (await bank.rt.db<{ state: string }[]>`select state from know.contact where contact_id = ${contactId}`)[0]!.state
/** As if the contact had never been: the next question may offer the same again. */
const forget = async (customerId: number) => {
  const { db } = bank.rt
  await db`delete from engage.joint_acceptance where customer_id = ${customerId}`
  await db`delete from know.response where customer_id = ${customerId}`
  await db`delete from know.contact where customer_id = ${customerId}`
  await db`delete from decide.decision where customer_id = ${customerId}`
}
const broken = async () =>
  (await runInvariants(bank.rt, [...invariants, ...contactInvariants, ...decisionInvariants])).filter(
    ({ rows }) => rows.length > 0,
  )

describe('an offer is owed until its last day, and not a day longer', () => {
  test('accepted on the last day, it is accepted', async () => {
    const contactId = await offered(5)
    const start = bank.clock.now()
    bank.clock.set(new Date(start.getTime() + 30 * DAY_MS))
    expect((await answer(contactId, 'accept')).body).toMatchObject({ state: 'accepted', awaiting: null })
    bank.clock.set(start)
    await forget(5)
  })

  test('a day later the channel is told to ask again, and the wish is kept as interest', async () => {
    const contactId = await offered(5)
    const start = bank.clock.now()
    bank.clock.set(new Date(start.getTime() + 31 * DAY_MS))
    const late = await answer(contactId, 'accept')
    expect(late.status).toBe(409)
    expect(late.body.error).toMatchObject({
      code: 'offer_expired',
      facts: { offer: 'goal_saver_standard', expiresOn: '2026-04-01', acceptedOn: '2026-04-02' },
    })
    expect(late.body.error.next).toMatch(/Ask again/)
    expect(await stateOf(contactId)).toBe('clicked')
    expect((await answer(contactId, 'accept')).status).toBe(409)
    expect((await bank.rt.db`select 1 from know.response where contact_id = ${contactId}`).length).toBe(1)
    bank.clock.set(start)
    await forget(5)
  })

  test('accepted in time and told late, by a channel that was cut off, it is accepted', async () => {
    const contactId = await offered(5)
    const start = bank.clock.now()
    bank.clock.set(new Date(start.getTime() + 33 * DAY_MS))
    const told = await answer(contactId, 'accept', { occurredAt: '2026-03-20T10:00:00Z' })
    expect(told.body).toMatchObject({ state: 'accepted' })
    expect((await answer(contactId, 'accept')).body).toMatchObject({ state: 'accepted', repeated: true })
    bank.clock.set(start)
    await forget(5)
  })

  test('a refusal needs no offer that is still owed', async () => {
    const contactId = await offered(5)
    const start = bank.clock.now()
    bank.clock.set(new Date(start.getTime() + 40 * DAY_MS))
    expect((await answer(contactId, 'refuse')).body).toMatchObject({ state: 'refused' })
    bank.clock.set(start)
    await forget(5)
  })
})

describe('what both must sign for needs two acceptances', () => {
  test('the first waits for the other holder, the second completes, whoever comes first', async () => {
    for (const [first, second] of [
      [{}, who('C2')],
      [who('C2'), {}],
    ] as const) {
      const contactId = await offered(1)
      expect((await answer(contactId, 'accept', first)).body).toMatchObject({
        state: 'clicked',
        awaiting: 'other_holders',
      })
      expect((await answer(contactId, 'accept', first)).body).toMatchObject({
        repeated: true,
        awaiting: 'other_holders',
      })
      expect((await answer(contactId, 'accept', second)).body).toMatchObject({ state: 'accepted', awaiting: null })
      for (const again of [first, second])
        expect((await answer(contactId, 'accept', again)).body).toMatchObject({ state: 'accepted', repeated: true })
      expect(await broken()).toEqual([])
      await forget(1)
    }
  })

  test('nothing is learned as accepted, and nobody is told so, before the second', async () => {
    const contactId = await offered(1)
    await answer(contactId, 'accept')
    await http.drain()
    const kinds = () => bank.rt.db`select kind from decide.learned where contact_id = ${contactId} order by kind`
    expect(await kinds()).toEqual([{ kind: 'offered' }])
    await answer(contactId, 'accept', who('C2'))
    await http.drain()
    expect(await kinds()).toEqual([{ kind: 'accepted' }, { kind: 'offered' }])
    await bank.rt.db`delete from decide.learned where customer_id = 1`
    await forget(1)
  })

  test('two holders who accept in the same second are two acceptances and one sale', async () => {
    const contactId = await offered(1)
    const both = await Promise.all([answer(contactId, 'accept'), answer(contactId, 'accept', who('C2'))])
    expect(both.map(({ body }) => body.awaiting).sort()).toEqual([null, 'other_holders'].sort())
    expect(await stateOf(contactId)).toBe('accepted')
    await forget(1)
  })

  test('a stranger signs for nobody', async () => {
    const contactId = await offered(1)
    const stranger = await answer(contactId, 'accept', who('C5'))
    expect(stranger.status).toBe(403)
    expect(stranger.body.error).toMatchObject({ code: 'authority_missing', facts: { because: 'not_a_holder' } })
    await forget(1)
  })

  test('if the other holder refuses, it is refused', async () => {
    const contactId = await offered(1)
    await answer(contactId, 'accept')
    expect((await answer(contactId, 'refuse', who('C2'))).body).toMatchObject({ state: 'refused' })
    await forget(1)
  })

  test('about her own account, Elif signs alone', async () => {
    const contactId = await offered(1)
    const own = await answer(contactId, 'accept', { holding: { source: 'core', id: 'H11' } })
    expect(own.body).toMatchObject({ state: 'accepted', awaiting: null })
    await forget(1)
  })

  test('a holding that the bank does not know is an error that says so', async () => {
    const contactId = await offered(1)
    const unknown = await answer(contactId, 'accept', { holding: { source: 'core', id: 'H99' } })
    expect(unknown.body.error).toMatchObject({ code: 'holding_unknown' })
    await forget(1)
  })

  test('where either may sign, one acceptance is enough', async () => {
    const contactId = await offered(3)
    expect((await answer(contactId, 'accept')).body).toMatchObject({ state: 'accepted', awaiting: null })
    await forget(3)
  })

  test('an acceptance that counts with too few signatures is found', async () => {
    const contactId = await offered(1)
    await answer(contactId, 'accept')
    await answer(contactId, 'accept', who('C2'))
    await bank.rt.db`delete from engage.joint_acceptance where accepted_by = 2`
    expect((await broken()).map(({ id }) => id)).toEqual(['engage.inbound:joint'])
    await forget(1)
  })
})

describe('what one holder began waits where the other sees it', () => {
  const waiting = async (customerId: number) =>
    (await http.call('GET', `/api/engage/inbound/agreements/${customerId}`, { as: 'riya' })).body.agreements
  /** As the customer, in a browser of their own on the bank's page. */
  const mine = async (customerId: number) => {
    const given = await http.call('POST', '/api/engage/inbound/tokens', {
      as: http.key,
      body: { customerId, origin: ORIGIN, channel: 'app' },
    })
    const headers = { authorization: `Bearer ${given.body.token}`, origin: ORIGIN }
    return {
      waits: async () =>
        (await http.call('GET', '/api/engage/inbound/mine/agreements', { headers })).body.agreements as {
          contactId: string
          awaitsMe: boolean
        }[],
      say: (contactId: string, kind: string, key?: string) =>
        http.call('POST', '/api/engage/inbound/mine/agreements', {
          headers,
          body: { contactId, kind, ...(key ? { key } : {}) },
        }),
    }
  }

  test('Tom finds at the desk and in his app what Elif agreed to, agrees, and only then it counts', async () => {
    const contactId = await offered(1)
    const [elif, tom] = [await mine(1), await mine(2)]
    expect(await tom.waits()).toEqual([])
    expect((await tom.say(contactId, 'accept')).status).toBe(404)
    await answer(contactId, 'accept')
    expect(await waiting(2)).toMatchObject([
      { contactId, customerId: 1, agreed: [{ customerId: 1, channel: 'app' }], awaited: [{ customerId: 2 }] },
    ])
    expect(await waiting(1)).toEqual(await waiting(2))
    expect(await waiting(5)).toEqual([])
    expect(await tom.waits()).toMatchObject([{ contactId, awaitsMe: true, offer: { rateBp: 175 } }])
    expect(await elif.waits()).toMatchObject([{ contactId, awaitsMe: false }])
    expect(await stateOf(contactId)).toBe('clicked')
    const said = await tom.say(contactId, 'accept', 'k1')
    expect(said.body).toMatchObject({ state: 'accepted', awaiting: null })
    expect((await tom.say(contactId, 'accept', 'k1')).body).toMatchObject({ state: 'accepted', repeated: true })
    expect([await waiting(1), await waiting(2), await tom.waits()]).toEqual([[], [], []])
    expect(await broken()).toEqual([])
    await forget(1)
  })

  test('Tom says no, and it is refused for both', async () => {
    const contactId = await offered(1)
    await answer(contactId, 'accept')
    expect((await (await mine(2)).say(contactId, 'refuse')).body).toMatchObject({ state: 'refused' })
    expect([await waiting(1), await waiting(2)]).toEqual([[], []])
    await forget(1)
  })

  test('after its last day it waits for nobody, and a late yes counts for nothing', async () => {
    const contactId = await offered(1)
    await answer(contactId, 'accept')
    const start = bank.clock.now()
    bank.clock.set(new Date(start.getTime() + 31 * DAY_MS))
    expect([await waiting(1), await waiting(2)]).toEqual([[], []])
    const late = await (await mine(2)).say(contactId, 'accept')
    expect([late.status, late.body.error?.code]).toEqual([409, 'offer_expired'])
    expect(await stateOf(contactId)).toBe('clicked')
    bank.clock.set(start)
    await forget(1)
  })

  test('for a stranger it does not exist', async () => {
    const contactId = await offered(1)
    await answer(contactId, 'accept')
    const stranger = await mine(5)
    expect(await stranger.waits()).toEqual([])
    for (const kind of ['accept', 'refuse']) expect((await stranger.say(contactId, kind)).status).toBe(404)
    expect(await stateOf(contactId)).toBe('clicked')
    await forget(1)
  })
})

describe('nobody is believed to act for a customer without a name', () => {
  test.each(['guardian', 'attorney', 'executor'])('a question from the %s says who that is', async (asker) => {
    const asked = await http.call('POST', '/api/engage/inbound/ask', {
      as: http.key,
      body: { customerId: 5, placement: 'app_home', asker },
    })
    expect(asked.status).toBe(400)
    expect(asked.body.error).toMatchObject({ code: 'acting_missing', facts: { asker } })
    const decided = await http.call('POST', '/api/decide/decisions', {
      as: http.key,
      body: { customerId: 5, channel: 'app', asker },
    })
    expect(decided.body.error).toMatchObject({ code: 'acting_missing' })
    expect(await bank.rt.db`select 1 from decide.decision where customer_id = 5`).toHaveLength(0)
  })
})
