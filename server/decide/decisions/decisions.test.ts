import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordOutcome, refreshModel } from '#decide/arbitration'
import { invariants as armInvariants, assignAll } from '#decide/experiments'
import { invariants as contactInvariants, recordResponse } from '#know/interactions'
import { runInvariants } from '#platform/postgres'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'
import { systemActor } from '#trust/access'
import { giveConsent, onSuppression, suppressAddress, withdrawConsent } from '#trust/consents'
import { activeRevision, type Document } from '#trust/playbook'
import { decideFor, effectOf, explain, invariants, replay, whatIf } from './index.ts'

const ACTOR = systemActor('test')
const ANALYST = systemActor('analyst')
// Households of the control arm would hear nothing, which is another story.
const NO_CONTROL = (documents: Document[]) => documents.filter((one) => one.kind !== 'experiment')

let bank: TestBank
beforeAll(async () => {
  onSuppression(async () => [])
  bank = await testBank()
  await runPlaybook(bank.rt, documentsOf(await smallPlaybook(NO_CONTROL)))
})
afterAll(() => bank.close())

const documentsOf = (revision: Awaited<ReturnType<typeof smallPlaybook>>): Document[] =>
  [...revision.documents.values()].flatMap((ofKind) => [...ofKind.values()])

let holdings = 0
/** A customer with an Everyday account that tells what it knows. */
async function customer(
  customerId: number,
  tells: Record<string, unknown>,
  more: { birthOn?: string; household?: number } = {},
) {
  const { db } = bank.rt
  await db`insert into know.customer (customer_id, birth_on, household_id, source)
           values (${customerId}, ${more.birthOn ?? '1990-05-05'}, ${more.household ?? null}, 'test')`
  const holdingId = ++holdings
  await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
           values (${customerId}, ${holdingId}, 'everyday', 'EUR', '2020-01-01', ${db.json(tells as never)})`
  await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
           values (${customerId}, ${holdingId}, 'owner', 'sole', 10000, '2020-01-01', ${customerId})`
}
const SAVER = { small_savings: 5, surplus: 12_000 }
const SPENDER = { card_spend: 220_000, pays_in_full: true }
const ask = (customerId: number, more: object = {}) =>
  decideFor(bank.rt, { customerId, channel: 'app', actor: ACTOR, ...more })

const wholes = async () => {
  const breaches = await runInvariants(bank.rt, [...invariants, ...contactInvariants, ...armInvariants])
  expect(breaches.filter((one) => one.rows.length > 0)).toEqual([])
}

describe('a decision', () => {
  test('a small saver is offered the Goal Saver, the contact is claimed and the decision is kept before the answer', async () => {
    await customer(1, SAVER)
    const reply = await ask(1, { placement: 'app_home' })
    expect(reply.actions).toMatchObject([{ action: 'goal_saver', treatment: 'goal_saver_app', class: 'marketing' }])
    expect(reply.actions[0]!.offer).toMatchObject({ rateBp: 175, expiresOn: '2026-04-01' })
    const [contact] = await bank.rt
      .db`select state, decision_id, claimed_version from know.contact where contact_id = ${reply.actions[0]!.contactId}`
    expect(contact).toMatchObject({ state: 'offered', decision_id: reply.decisionId })
    await wholes()
  })
  test('nothing now is an answer with its reason', async () => {
    await customer(2, {})
    expect(await ask(2)).toMatchObject({ actions: [], nothingBecause: 'nothing_eligible' })
    await wholes()
  })
  test('somebody we do not know is an error and leaves no trace', async () => {
    await expect(ask(999_999)).rejects.toMatchObject({ code: 'customer_unknown' })
    expect(await bank.rt.db`select 1 from platform.stream where customer_id = 999999`).toHaveLength(0)
  })
  test('a channel that the playbook does not have is an error that names it', async () => {
    await expect(ask(1, { channel: 'fax' })).rejects.toMatchObject({ code: 'channel_unknown' })
  })
  test('the same key gives the same decision again; with another question it is refused', async () => {
    await customer(3, SAVER)
    const first = await ask(3, { idempotencyKey: 'visit-77' })
    expect(await ask(3, { idempotencyKey: 'visit-77' })).toEqual(first)
    await expect(ask(3, { idempotencyKey: 'visit-77', reason: 'browse' })).rejects.toMatchObject({
      code: 'decision_mismatch',
    })
  })
  test('many at once share their reads and commits, and none is mixed up with another', async () => {
    for (let id = 100; id < 160; id++) await customer(id, id % 2 ? SAVER : SPENDER)
    const ids = Array.from({ length: 180 }, (_, n) => 100 + (n % 60))
    const replies = await Promise.all([...ids.map((id) => ask(id)), ask(888_888).catch((error) => error)])
    expect(replies.pop()).toMatchObject({ code: 'customer_unknown' })
    for (const [n, reply] of replies.entries()) {
      expect(reply.customerId).toBe(ids[n])
      expect(reply.actions[0]!.action).toBe(ids[n]! % 2 ? 'goal_saver' : 'premium_card')
    }
    await wholes()
  })
})

describe('what the past says', () => {
  test('a refused offer stays away for ninety days, on every channel', async () => {
    await customer(4, SAVER)
    const [offer] = (await ask(4)).actions
    await recordResponse(bank.rt, { contactId: offer!.contactId, kind: 'refuse', idempotencyKey: 'r1', actor: ACTOR })
    expect((await ask(4)).actions).toEqual([])
    expect((await ask(4, { channel: 'post' })).actions).toEqual([])
    bank.clock.advanceMs(91 * 86_400_000)
    expect((await ask(4)).actions).toMatchObject([{ action: 'goal_saver' }])
  })
  test('what was accepted is not offered again until what follows is known', async () => {
    await customer(5, SAVER)
    const [offer] = (await ask(5)).actions
    await recordResponse(bank.rt, { contactId: offer!.contactId, kind: 'accept', idempotencyKey: 'a1', actor: ACTOR })
    expect((await ask(5)).actions).toEqual([])
    const { action, treatment, contactId } = offer!
    await recordOutcome(bank.rt, { customerId: 5, contactId, action, treatment, channel: 'app', kind: 'unrealised' })
    expect((await ask(5)).actions).toMatchObject([{ action: 'goal_saver' }])
  })
  test('twenty letters asked for at once of two servers for two people of one household: one is claimed', async () => {
    await customer(6, SAVER, { household: 60 })
    await customer(7, SAVER, { household: 60 })
    const servers = [bank.rt, { ...bank.rt, config: { ...bank.rt.config } }]
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        decideFor(servers[(n >> 1) % 2]!, { customerId: 6 + (n % 2), channel: 'post', actor: ACTOR }),
      ),
    )
    expect(replies.filter((reply) => reply.actions.length > 0)).toHaveLength(1)
  })
  test('a hundred SMS asked for at once of two servers for one customer: the cap on the same action holds at one', async () => {
    await customer(8, SAVER)
    const evidence = { how: 'app settings' }
    await giveConsent(bank.rt, { customerId: 8, purpose: 'marketing', channel: 'sms', evidence, actor: ACTOR })
    bank.clock.set('2026-06-10T10:00:00Z')
    const servers = [bank.rt, { ...bank.rt, config: { ...bank.rt.config } }]
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        decideFor(servers[n % 2]!, { customerId: 8, channel: 'sms', actor: ACTOR }),
      ),
    )
    expect(replies.filter((reply) => reply.actions.length > 0)).toHaveLength(1)
  })
  test('once a withdrawal is acknowledged nothing is claimed on the consent it ended', async () => {
    await customer(9, SAVER)
    const evidence = { how: 'app settings' }
    await giveConsent(bank.rt, { customerId: 9, purpose: 'marketing', channel: 'sms', evidence, actor: ACTOR })
    const asks = Array.from({ length: 40 }, () => ask(9, { channel: 'sms' }))
    const version = await withdrawConsent(bank.rt, {
      customerId: 9,
      purpose: 'marketing',
      channel: 'sms',
      evidence,
      actor: ACTOR,
    })
    await Promise.all(asks)
    const late = await bank.rt.db`select 1 from know.contact where customer_id = 9 and claimed_version > ${version}`
    expect(late).toHaveLength(0)
    expect((await ask(9, { channel: 'sms' })).actions).toEqual([])
  })
  test('an address that opted out binds everybody who shares it', async () => {
    await customer(10, SAVER)
    await bank.rt.db`update know.customer set phone = '+351 900 100 200' where customer_id = 10`
    const evidence = { how: 'app settings' }
    await suppressAddress(bank.rt, { medium: 'phone', address: '+351900100200', evidence }, ACTOR)
    await giveConsent(bank.rt, { customerId: 10, purpose: 'marketing', channel: 'sms', evidence, actor: ACTOR })
    expect((await ask(10, { channel: 'sms' })).actions).toEqual([])
  })
})

describe('what must never be', () => {
  test('a contact beyond a cap is found by the invariant, and so is a decision without its contact', async () => {
    await customer(11, SAVER)
    const evidence = { how: 'app settings' }
    await giveConsent(bank.rt, { customerId: 11, purpose: 'marketing', channel: 'sms', evidence, actor: ACTOR })
    const { actions, decisionId } = await ask(11, { channel: 'sms' })
    expect(actions).toHaveLength(1)
    const found = async () =>
      (await runInvariants(bank.rt, invariants)).filter((one) => one.rows.length > 0).map((one) => one.id)
    expect(await found()).toEqual([])
    await bank.rt.db`
      insert into know.contact (customer_id, contact_id, decision_id, direction, channel, action_group, action, treatment,
                                class, communication, step, state, claimed_version, claimed_at)
      select customer_id, gen_random_uuid(), decision_id, direction, channel, action_group, action, treatment, class,
             'again', 1, state, claimed_version + 1, claimed_at
        from know.contact where contact_id = ${actions[0]!.contactId}`
    expect(await found()).toEqual(['I6'])
    await bank.rt.db`delete from know.contact where decision_id = ${decisionId}`
    expect(await found()).toEqual(['I2'])
    await bank.rt.db`delete from decide.decision where decision_id = ${decisionId}`
  })
})

describe('why, and again', () => {
  test('every action has its verdict, and every exclusion its clause, what was found and what was needed', async () => {
    await customer(20, { ...SPENDER, stress: 3 })
    const { decisionId } = await ask(20)
    const why = await explain(bank.rt, { decisionId, actor: ANALYST, reason: 'a question from the branch' })
    expect(why.actions.map((one) => one.action).sort()).toEqual([
      'goal_saver',
      'low_balance',
      'money_checkup',
      'nothing_now',
      'premium_card',
    ])
    expect(why.actions.find((one) => one.action === 'premium_card')).toMatchObject({
      verdict: 'suitability',
      reasons: [
        { clause: 'not_stretched', found: 'customer.stress_signals = 3', needed: 'not (customer.stress_signals >= 2)' },
      ],
    })
    expect(why.actions[0]).toMatchObject({ action: 'money_checkup', verdict: 'shown' })
  })
  test('explaining is on record and teaches nothing', async () => {
    await customer(21, SAVER)
    const { decisionId } = await ask(21)
    const before = await bank.rt.db`select * from decide.propensity`
    await explain(bank.rt, { decisionId, actor: ANALYST })
    expect(await bank.rt.db`select * from decide.propensity`).toEqual(before)
    const [entry] = await bank.rt.db`select action from trust.audit_entry where subject = ${decisionId}`
    expect(entry).toMatchObject({ action: 'decide.decisions:explained' })
  })
  test('a decision is replayed to the byte by another server, after learning and the playbook have moved on', async () => {
    await customer(22, { ...SAVER, ...SPENDER })
    const { decisionId } = await ask(22, { reason: 'browse' })
    for (let n = 0; n < 300; n++)
      await recordOutcome(bank.rt, {
        customerId: 22,
        contactId: bank.rt.ids.next(22),
        action: 'goal_saver',
        treatment: 'goal_saver_app',
        channel: 'app',
        kind: n % 3 ? 'offered' : 'accepted',
      })
    await refreshModel(bank.rt)
    await runPlaybook(
      bank.rt,
      documentsOf(await smallPlaybook(NO_CONTROL)).filter((one) => one.id !== 'premium_card_app'),
    )
    const other = { ...bank.rt, config: { ...bank.rt.config } }
    expect(await replay(other, { decisionId, actor: ANALYST })).toMatchObject({ identical: true, verdictsDiffer: [] })
    const later = await ask(22)
    expect(later.actions.map((one) => one.action)).toEqual(['goal_saver'])
    expect(await replay(other, { decisionId: later.decisionId, actor: ANALYST })).toMatchObject({ identical: true })
    await runPlaybook(bank.rt, documentsOf(await smallPlaybook(NO_CONTROL)))
  })
  test('one fact changed shows what would have been decided instead, and a name that means nothing is refused', async () => {
    await customer(23, SPENDER)
    const { decisionId } = await ask(23)
    const other = await whatIf(bank.rt, { decisionId, actor: ANALYST, change: { 'customer.stress_signals': 2 } })
    expect(other).toMatchObject({ before: ['premium_card'], after: ['money_checkup'] })
    expect(other.changed.map((one) => [one.action, one.before, one.after])).toContainEqual([
      'premium_card',
      'shown',
      'suitability',
    ])
    await expect(
      whatIf(bank.rt, { decisionId, actor: ANALYST, change: { 'customer.shoe_size': 43 } }),
    ).rejects.toMatchObject({
      code: 'fact_unknown',
    })
    await expect(
      whatIf(bank.rt, { decisionId, actor: ANALYST, change: { 'customer.card_spend_month_minor': 'much' } }),
    ).rejects.toMatchObject({ code: 'fact_type' })
  })
})

describe('before a rule changes', () => {
  test('its effect is told: how many customers would get another next best action, and which clause is behind it', async () => {
    const from = await activeRevision(bank.rt)
    const to = await smallPlaybook((documents) =>
      NO_CONTROL(documents).map((one) =>
        one.kind === 'policy' && one.id === 'goal_saver'
          ? {
              ...one,
              suitability: [
                {
                  id: 'has_a_surplus',
                  title: 'At least €500 left over',
                  admits: 'customer.surplus_month_minor >= 50000',
                },
              ],
            }
          : one,
      ),
    )
    const effect = await effectOf(bank.rt, { from, to })
    expect(effect.figures.find((one) => one.figure.startsWith('customers with another'))!.value).toBeGreaterThan(25)
    expect(effect.examples![0]).toMatchObject({
      before: 'goal_saver',
      after: 'nothing',
      what: 'app: goal_saver is left out: suitability, At least €500 left over',
    })
    expect((await effectOf(bank.rt, { from, to: from })).figures[1]!.value).toBe(0)
  })
})

describe('control arms', () => {
  test('three in a hundred households hear no marketing; who lives together shares an arm; SQL and code agree', async () => {
    const control = await testBank()
    try {
      const revision = await smallPlaybook()
      await runPlaybook(control.rt, documentsOf(revision))
      await control.rt.db`insert into know.customer (customer_id, household_id, birth_on, source)
                          select n, case when n % 10 > 0 then n / 2 end, '1980-01-01', 'test' from generate_series(1, 4000) n`
      // One half is drawn one by one as they ask, the other by the night's job.
      const asked = await Promise.all(
        Array.from({ length: 400 }, (_, n) =>
          decideFor(control.rt, { customerId: n + 1, channel: 'app', actor: ACTOR }),
        ),
      )
      expect(asked).toHaveLength(400)
      const one = await control.rt.db`select customer_id, arm from decide.assignment order by 1`
      await assignAll(control.rt, revision.documents)
      const all = await control.rt.db<{ customer_id: number; arm: string; household_id: number | null }[]>`
        select customer_id, arm, household_id from decide.assignment order by 1`
      expect(all).toHaveLength(4000)
      expect(all.slice(0, 400).map(({ customer_id, arm }) => ({ customer_id, arm }))).toEqual([...one])
      const share = all.filter((row) => row.arm === 'control').length / all.length
      expect(share).toBeGreaterThan(0.018)
      expect(share).toBeLessThan(0.045)
      // Drawn from scratch, in SQL, everybody gets the arm they got one by one.
      await control.rt.db`delete from decide.assignment`
      await assignAll(control.rt, revision.documents)
      expect(
        await control.rt.db`select customer_id, arm from decide.assignment where customer_id <= 400 order by 1`,
      ).toEqual(one)
      expect((await runInvariants(control.rt, armInvariants)).filter((one) => one.rows.length > 0)).toEqual([])
      // Two households come together from two arms: both leave the analysis, and nobody's arm changes.
      const a = all.find((row) => row.arm === 'control' && row.household_id !== null)!
      const b = all.find((row) => row.arm === 'treated' && row.household_id !== null)!
      await control.rt
        .db`update know.customer set household_id = ${a.household_id} where household_id = ${b.household_id}`
      const { left } = await assignAll(control.rt, revision.documents)
      expect(left).toBeGreaterThanOrEqual(2)
      const arms = await control.rt
        .db`select arm from decide.assignment where customer_id in (${a.customer_id}, ${b.customer_id}) order by 1`
      expect(arms.map((row) => row.arm)).toEqual(['control', 'treated'])
    } finally {
      await control.close()
    }
  })
})
