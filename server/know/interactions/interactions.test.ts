import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drain, takeVersion } from '#platform/outbox'
import { runInvariants } from '#platform/postgres'
import { transaction } from '#platform/runtime'
import { type TestBank, testBank } from '#test/harness'
import { systemActor } from '#trust/access'
import {
  type Claim,
  claimContacts,
  contactOf,
  contactTrialBalance,
  expireContacts,
  historyOf,
  invariants,
  recordExternalContact,
  recordResponse,
  suppressContact,
  viewTimeline,
} from './index.ts'

const actor = systemActor('test')
let bank: TestBank
beforeAll(async () => {
  bank = await testBank()
})
afterAll(() => bank.close())

/** Claims one offer of the Goal Saver in the app, as a decision does: under the customer's version. */
async function offered(customerId: number, more: Partial<Claim> = {}): Promise<string> {
  const contactId = bank.rt.ids.next()
  await transaction(bank.rt, async (rt) => {
    const now = rt.clock.now()
    const claim: Claim = {
      customerId,
      contactId,
      decisionId: rt.ids.next(),
      direction: 'inbound',
      channel: 'app',
      placement: 'app_home',
      issue: 'grow',
      group: 'save',
      action: 'goal_saver',
      treatment: 'goal_saver_app',
      class: 'marketing',
      communication: contactId,
      step: 0,
      state: 'offered',
      claimedVersion: await takeVersion(rt, customerId),
      claimedAt: now,
      expiresAt: new Date(now.getTime() + 3_600_000),
      ...more,
    }
    await claimContacts(rt, [claim])
  })
  return contactId
}

const answer = (
  contactId: string,
  kind: 'impression' | 'click' | 'accept' | 'refuse',
  idempotencyKey = kind as string,
) => recordResponse(bank.rt, { contactId, kind, idempotencyKey: `${contactId}:${idempotencyKey}`, actor })

describe('an answer is recorded once, whatever the channel repeats', () => {
  test('seen, clicked and accepted, the contact is accepted and settled', async () => {
    const contactId = await offered(101)
    await answer(contactId, 'impression')
    await answer(contactId, 'click')
    expect(await answer(contactId, 'accept')).toMatchObject({ state: 'accepted', repeated: false })
    expect((await contactOf(bank.rt, contactId))!.settledAt).not.toBeNull()
  })

  test('the same answer again changes nothing and says so', async () => {
    const contactId = await offered(102)
    await answer(contactId, 'refuse')
    expect(await answer(contactId, 'refuse')).toMatchObject({ state: 'refused', repeated: true })
    expect(await answer(contactId, 'refuse', 'another key')).toMatchObject({ state: 'refused', repeated: true })
  })

  test('twenty browsers that report the same impression at once make one', async () => {
    const contactId = await offered(103)
    const all = await Promise.all(Array.from({ length: 20 }, (_, i) => answer(contactId, 'impression', `tab ${i}`)))
    expect(all.filter(({ repeated }) => !repeated)).toHaveLength(1)
  })

  test('the same key with another answer is refused, and nothing is lost', async () => {
    const contactId = await offered(104)
    await answer(contactId, 'click', 'one key')
    await expect(answer(contactId, 'accept', 'one key')).rejects.toMatchObject({
      kind: 'mismatch',
      code: 'response_mismatch',
    })
    expect((await contactOf(bank.rt, contactId))!.state).toBe('clicked')
  })

  test('an answer to nothing we said is named as such', async () => {
    await expect(answer('00000000-0000-8000-8000-000000000000', 'accept')).rejects.toMatchObject({
      code: 'contact_unknown',
    })
  })

  test('a channel whose clock is wrong does not answer in the future', async () => {
    const contactId = await offered(105)
    await recordResponse(bank.rt, {
      contactId,
      kind: 'click',
      idempotencyKey: 'future',
      occurredAt: new Date('2031-01-01'),
      actor,
    })
    const [contact] = await viewTimeline(bank.rt, { customerId: 105, contactsMax: 10, actor })
    expect(new Date(contact!.responses[0]!.occurredAt)).toEqual(bank.clock.now())
  })

  test('each answer is told to the house once', async () => {
    const contactId = await offered(106)
    await answer(contactId, 'accept')
    await answer(contactId, 'accept')
    const told: unknown[] = []
    await drain(bank.rt, [
      {
        type: 'know.response_recorded',
        name: 'test',
        handle: async (_rt, message) => {
          if ((message.payload as { contactId: string }).contactId === contactId) told.push(message.payload)
        },
      },
    ])
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({ kind: 'accept', action: 'goal_saver', group: 'save', answeredBefore: false })
  })
})

describe('a contact is claimed once', () => {
  test('the same communication, step and channel cannot be claimed twice: the second claim fails whole', async () => {
    const contactId = await offered(201, { communication: 'letter of March' })
    const again = bank.rt.ids.next()
    await expect(offered(201, { communication: 'letter of March', contactId: again })).rejects.toMatchObject({
      code: '23505',
    })
    expect(await contactOf(bank.rt, contactId)).toBeDefined()
    expect(await contactOf(bank.rt, again)).toBeUndefined()
  })

  test('an offer that nobody saw ends when its time is up', async () => {
    const contactId = await offered(202)
    bank.clock.advanceMs(2 * 3_600_000)
    expect(await expireContacts(bank.rt)).toBeGreaterThan(0)
    expect((await contactOf(bank.rt, contactId))!.state).toBe('expired')
  })

  test('a claim that nobody carried out ends as well: it is not sent a week late', async () => {
    const contactId = await offered(205, { direction: 'outbound', channel: 'email', state: 'claimed' })
    bank.clock.advanceMs(2 * 3_600_000)
    expect(await expireContacts(bank.rt)).toBe(1)
    expect((await contactOf(bank.rt, contactId))!.state).toBe('expired')
  })

  test('an offer that was never shown ends with its reason; one that was seen stays seen', async () => {
    const unseen = await offered(205)
    await suppressContact(bank.rt, { customerId: 205, contactId: unseen, reason: 'not_rendered' })
    expect(await contactOf(bank.rt, unseen)).toMatchObject({ state: 'suppressed', reason: 'not_rendered' })
    const seen = await offered(205)
    await answer(seen, 'impression')
    await suppressContact(bank.rt, { customerId: 205, contactId: seen, reason: 'not_rendered' })
    expect((await contactOf(bank.rt, seen))!.state).toBe('shown')
  })

  test('history shows who was told what, newest first, and an empty list for those who heard nothing', async () => {
    await offered(203, { action: 'easy_saver' })
    bank.clock.advanceMs(1000)
    await offered(203)
    const history = await historyOf(bank.rt, [203, 204], new Date(bank.clock.now().getTime() - 86_400_000))
    expect(history.get(203)!.map(({ action }) => action)).toEqual(['goal_saver', 'easy_saver'])
    expect(history.get(204)).toEqual([])
  })
})

describe('other systems’ contacts stand in the same history', () => {
  const collections = {
    customerId: 301,
    source: 'collections',
    sourceContactId: 'call-77',
    direction: 'outbound' as const,
    channel: 'call',
    class: 'service' as const,
    topic: 'instalment_late',
    occurredAt: new Date('2026-03-01T09:00:00Z'),
  }
  test('about somebody we do not know is refused, and leaves nothing', async () => {
    await expect(recordExternalContact(bank.rt, { ...collections, customerId: 999_999 })).rejects.toMatchObject({
      kind: 'not_found',
      code: 'customer_unknown',
    })
    expect(await bank.rt.db`select from know.contact where customer_id = 999999`).toHaveLength(0)
  })
  test('given twice it is there once', async () => {
    await bank.rt.db`
      insert into know.customer (customer_id, kind, stage, full_name, source, known_on)
      values (301, 'person', 'customer', 'Somebody', 'test', '2026-01-01')`
    const first = await recordExternalContact(bank.rt, collections)
    expect(await recordExternalContact(bank.rt, collections)).toEqual({ contactId: first.contactId, repeated: true })
  })
  test('given again as another one it is refused: about somebody else, on another channel, or of another time', async () => {
    await bank.rt.db`
      insert into know.customer (customer_id, kind, stage, full_name, source, known_on)
      values (302, 'person', 'customer', 'Somebody else', 'test', '2026-01-01')`
    for (const other of [
      { customerId: 302 },
      { channel: 'sms' },
      { topic: 'thank_you' },
      { class: 'marketing' as const },
      { direction: 'inbound' as const },
      { occurredAt: new Date('2026-03-01T09:00:01Z') },
    ])
      await expect(recordExternalContact(bank.rt, { ...collections, ...other })).rejects.toMatchObject({
        kind: 'mismatch',
        code: 'contact_other_body',
      })
    const contacts = await bank.rt.db`select from know.contact where communication = 'collections:call-77'`
    expect(contacts).toHaveLength(1)
  })
  test('given at once about two people it is one’s', async () => {
    const given = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) =>
        recordExternalContact(bank.rt, { ...collections, sourceContactId: 'call-78', customerId: 301 + (n % 2) }),
      ),
    )
    expect(given.filter((one) => one.status === 'fulfilled' && !one.value.repeated)).toHaveLength(1)
    expect(given.filter((one) => one.status === 'rejected')).toHaveLength(5)
  })
  test('it is answered there, not here', async () => {
    const { contactId } = await recordExternalContact(bank.rt, collections)
    await expect(answer(contactId, 'accept')).rejects.toMatchObject({ code: 'response_to_external' })
  })
})

describe('nothing is lost', () => {
  test('the trial balance of contacts balances: decided is the sum of all ends', async () => {
    const lines = await contactTrialBalance(bank.rt, new Date('2026-01-01'), new Date('2027-01-01'))
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines)
      expect(line.decided).toBe(
        line.delivered + line.suppressed + line.failed + line.expired + line.pending + line.unknown,
      )
  })
  test('every invariant of contacts holds', async () => {
    const found = await runInvariants(bank.rt, invariants)
    expect(found.filter(({ rows }) => rows.length > 0)).toEqual([])
  })
  test('an invariant that is broken is found', async () => {
    const contactId = await offered(401)
    await bank.rt.db`insert into know.response (customer_id, response_id, contact_id, kind, channel, idempotency_key,
        digest, version, occurred_at, recorded_at)
      values (401, ${bank.rt.ids.next()}, ${contactId}, 'click', 'app', 'k', 'd', 1, now(), now())`
    const found = await runInvariants(bank.rt, invariants)
    expect(found.find(({ id }) => id === 'I9')!.rows).toHaveLength(1)
  })
})
