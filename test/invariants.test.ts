import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { invariants as all } from '#app/modules'
import { decideFor } from '#decide/decisions'
import { endStanding, noteStanding } from '#know/customers'
import { runInvariants } from '#platform/postgres'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'
import { systemActor } from '#trust/access'
import { giveConsent, onSuppression, suppressAddress } from '#trust/consents'

const actor = systemActor('test')
const evidence = { how: 'app settings' }
const HOUR_MS = 3_600_000
let bank: TestBank
beforeAll(async () => {
  // As if nobody were found by the address: only what is looked up before sending can hold it back.
  onSuppression(async () => [])
  bank = await testBank({ startsAt: '2026-06-10T10:00:00Z' })
  const { documents } = await smallPlaybook((all) => all.filter((one) => one.kind !== 'experiment'))
  await runPlaybook(
    bank.rt,
    [...documents.values()].flatMap((ofKind) => [...ofKind.values()]),
  )
})
afterAll(() => bank.close())

let customers = 0
/** Somebody who saves small sums, agreed to SMS, and may be written a letter. */
async function saver(more: { household?: number; phone?: string } = {}): Promise<number> {
  const { db } = bank.rt
  const customerId = ++customers
  await db`insert into know.customer (customer_id, birth_on, household_id, phone, source, updated_at)
           values (${customerId}, '1990-05-05', ${more.household ?? null}, ${more.phone ?? null}, 'test', '2026-01-01')`
  await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
           values (${customerId}, ${customerId}, 'everyday', 'EUR', '2020-01-01', '{"small_savings": 5, "surplus": 12000}')`
  await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
           values (${customerId}, ${customerId}, 'owner', 'sole', 10000, '2020-01-01', ${customerId})`
  for (const channel of ['sms', 'email'] as const)
    await giveConsent(bank.rt, { customerId, purpose: 'marketing', channel, evidence, actor })
  return customerId
}
const ask = (customerId: number, channel: string) => decideFor(bank.rt, { customerId, channel, actor })
// I4 goes by the database's own clock, for which what waits in this story has waited for months.
const watched = all.filter(({ id }) => id !== 'I4')
const broken = async () =>
  (await runInvariants(bank.rt, watched)).filter(({ rows }) => rows.length > 0).map(({ id }) => id)
/** Makes the claim of one contact later: under a later version, and so many hours on. */
const later = (contactId: string, hours: number) => bank.rt.db`
  update know.contact set claimed_version = claimed_version + 100, claimed_at = claimed_at + ${hours} * interval '1 hour'
   where contact_id = ${contactId}`

describe('a standing that stops all contact', () => {
  test('a claim before it and one after its end are well; one under it is found', async () => {
    const customerId = await saver()
    const before = await ask(customerId, 'sms')
    expect(before.actions).toHaveLength(1)
    bank.clock.advanceMs(24 * HOUR_MS)
    const noted = { customerId, standing: 'deceased_notified' as const, fromOn: '2026-06-01', reason: 'a call', actor }
    const { standingId } = await noteStanding(bank.rt, noted)
    expect((await ask(customerId, 'sms')).actions).toEqual([])
    expect(await broken()).toEqual([])
    const { contactId } = before.actions[0]!
    await later(contactId, 24)
    expect(await broken()).toEqual(['I5:standings'])
    bank.clock.advanceMs(24 * HOUR_MS)
    await endStanding(bank.rt, { customerId, standingId, toOn: '2026-06-30', reason: 'somebody else had died', actor })
    expect(await broken()).toEqual(['I5:standings'])
    await later(contactId, 20 * 24)
    expect(await broken()).toEqual([])
  })
  test('one from a file, which takes no version, counts from an hour after it was read', async () => {
    const customerId = await saver()
    const { actions } = await ask(customerId, 'sms')
    await bank.rt.db`
      insert into know.standing (customer_id, standing_id, standing, effect, from_on, reason, source, noted_by, noted_at)
      values (${customerId}, gen_random_uuid(), 'deceased_notified', 'stop_all', '2026-06-01', 'register', 'standings',
              'feed', ${bank.clock.now()})`
    expect(await broken()).toEqual([])
    await later(actions[0]!.contactId, 2)
    expect(await broken()).toEqual(['I5:standings'])
    await bank.rt.db`delete from know.standing where customer_id = ${customerId}`
  })
})

describe('an address that is never to be used again', () => {
  test.each([
    ['phone', 'sms', '+351 900 300 400', '00351900300400'],
    ['email', 'email', ' Ana@Example.org', 'ana@example.ORG '],
  ] as const)('%s: a claim by %s after it is found, however it is spelled', async (medium, channel, written, given) => {
    const customerId = await saver({ phone: '' })
    await bank.rt.db`
      update know.customer set phone = ${medium === 'phone' ? written : null}, email = ${medium === 'email' ? written : null}
       where customer_id = ${customerId}`
    const { actions } = await ask(customerId, channel)
    expect(actions).toHaveLength(1)
    bank.clock.advanceMs(HOUR_MS)
    await suppressAddress(bank.rt, { medium, address: given, evidence }, actor)
    expect((await ask(customerId, channel)).actions).toEqual([])
    expect(await broken()).toEqual([])
    await later(actions[0]!.contactId, 2)
    expect(await broken()).toEqual(['I5:addresses'])
    // With another address since, nobody can tell any more which one was used.
    await bank.rt.db`update know.customer set updated_at = ${new Date(bank.clock.now().getTime() + 9 * HOUR_MS)}
                      where customer_id = ${customerId}`
    expect(await broken()).toEqual([])
  })
})

describe('a cap per household', () => {
  test('a second letter to another person of the household is found; one who moved out had a cap of their own', async () => {
    const [one, other] = [await saver({ household: 7 }), await saver({ household: 7 })]
    const first = await ask(one, 'post')
    expect(first.actions).toHaveLength(1)
    const second = await ask(other, 'post')
    expect(second.actions).toEqual([])
    expect(await broken()).toEqual([])
    await bank.rt.db`
      insert into know.contact (customer_id, contact_id, decision_id, direction, channel, action_group, action, treatment,
                                class, communication, step, state, claimed_version, claimed_at)
      select ${other}, gen_random_uuid(), ${second.decisionId}, direction, channel, action_group, action, treatment, class,
             ${second.decisionId}, 0, state, 999, ${bank.clock.now()}
        from know.contact where contact_id = ${first.actions[0]!.contactId}`
    expect(await broken()).toEqual(['I2', 'I6:households'])
    await bank.rt.db`update know.customer set household_id = 8 where customer_id = ${one}`
    expect(await broken()).toEqual(['I2'])
    await bank.rt.db`delete from know.contact where customer_id = ${other}`
  })
})
