import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordOutcome } from '#decide/arbitration'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { registerKinds } from '#trust/playbook'
import type { OutcomeDocument } from './contract.ts'
import { acceptedAndKnown, countOutcome } from './store.ts'

let bank: TestBank
beforeAll(async () => {
  bank = await testBank({ startsAt: '2026-06-01T08:00:00Z' })
})
afterAll(() => bank.close())

const GOAL_SAVER: OutcomeDocument = {
  kind: 'outcome',
  id: 'goal_saver_opened',
  title: 'Goal Saver opened in 30 days',
  actions: ['goal_saver'],
  measure: { holdingOpened: ['goal_saver'] },
  withinDays: 30,
  withdrawalDays: 14,
}

interface Told {
  customerId: number
  arm: 'treated' | 'control'
  askedAt: string
  chosen?: string[]
  period?: string
  household?: number
}

/** A decision as decide/decisions stores it, as far as outcomes look at it. */
async function decided({ customerId, arm, askedAt, chosen = ['goal_saver'], period = '2026', household }: Told) {
  const shown = arm === 'treated' && chosen.length > 0
  await bank.rt.db`
    insert into decide.decision (customer_id, decision_id, asked_at, channel, asker, revision, engine_version, seed,
        stops_version, model_version, claimed_version, inputs, verdicts, considered, ranked, chosen, contacts,
        experiment, period, arm, household_id, nothing_because)
    values (${customerId}, ${bank.rt.ids.next()}, ${askedAt}, 'app', 'self', 'r', 1, 1, 0, 'm', 1, '{}', '', 0, '[]',
        ${chosen}, ${shown ? 1 : 0}, 'global_control', ${period}, ${arm}, ${household ?? null},
        ${shown ? null : 'control'})`
}

async function opened(customerId: number, openedOn: string, closedOn: string | null = null, product = 'goal_saver') {
  await bank.rt.db`
    insert into know.customer (customer_id, kind, stage, full_name, source, known_on)
    values (${customerId}, 'person', 'customer', 'Somebody', 'test', '2026-01-01') on conflict do nothing`
  const [{ holding_id: holdingId } = { holding_id: 0 }] = await bank.rt.db<{ holding_id: number }[]>`
    insert into know.holding (customer_id, holding_id, product, status, opened_on, closed_on, currency, known_on)
    values (${customerId}, nextval('know.holding_id_seq'), ${product}, ${closedOn ? 'closed' : 'open'}, ${openedOn},
            ${closedOn}, 'EUR', '2026-01-01') returning holding_id`
  await bank.rt.db`
    insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
    values (${customerId}, ${holdingId}, 'owner', 'sole', 10000, ${openedOn}, ${customerId})`
}

const count = (more: Partial<Parameters<typeof countOutcome>[1]> = {}) =>
  countOutcome(bank.rt.db, {
    outcome: GOAL_SAVER,
    family: ['goal_saver', 'easy_saver'],
    action: 'goal_saver',
    from: new Date('2026-01-01'),
    to: new Date('2026-06-01'),
    now: bank.clock.now(),
    zone: 'Europe/Berlin',
    ...more,
  })
const arm = (counted: Awaited<ReturnType<typeof count>>, name: string) => counted.arms.find((row) => row.arm === name)

describe('what contact changed, by intention to treat', () => {
  test('a treated and a control customer who both opened one within 30 days both count', async () => {
    await decided({ customerId: 1, arm: 'treated', askedAt: '2026-03-02T10:00:00Z' })
    await opened(1, '2026-03-20')
    await decided({ customerId: 2, arm: 'control', askedAt: '2026-03-02T10:00:00Z' })
    await opened(2, '2026-04-01')
    const counted = await count()
    expect(arm(counted, 'treated')).toMatchObject({ customers: 1, successes: 1 })
    expect(arm(counted, 'control')).toMatchObject({ customers: 1, successes: 1 })
  })

  test('is told by channel and for some customers only, too', async () => {
    expect((await count({ channel: 'web' })).arms).toEqual([])
    expect(arm(await count({ channel: 'app' }), 'treated')).toMatchObject({ customers: 1 })
    const one = await count({ customerIds: [2] })
    expect([arm(one, 'treated'), arm(one, 'control')?.customers]).toEqual([undefined, 1])
  })

  test('one opened on day 31, one before the decision, and one given back within 14 days do not', async () => {
    await decided({ customerId: 3, arm: 'treated', askedAt: '2026-03-02T10:00:00Z' })
    await opened(3, '2026-04-02')
    await decided({ customerId: 4, arm: 'treated', askedAt: '2026-03-02T10:00:00Z' })
    await opened(4, '2026-03-01')
    await decided({ customerId: 5, arm: 'treated', askedAt: '2026-03-02T10:00:00Z' })
    await opened(5, '2026-03-05', '2026-03-12')
    expect(arm(await count(), 'treated')).toMatchObject({ customers: 4, successes: 1 })
  })

  test('a customer asked twenty times counts once, from the first decision', async () => {
    for (let day = 1; day <= 20; day++)
      await decided({ customerId: 6, arm: 'treated', askedAt: `2026-02-${String(day).padStart(2, '0')}T10:00:00Z` })
    // Within 30 days of the last question, but not of the first.
    await opened(6, '2026-03-10')
    expect(arm(await count(), 'treated')).toMatchObject({ customers: 5, successes: 1 })
  })

  test('a decision of last week has not matured: it waits, and is no failure', async () => {
    await decided({ customerId: 7, arm: 'treated', askedAt: '2026-05-25T10:00:00Z' })
    const counted = await count()
    expect(counted.maturing).toBe(1)
    expect(arm(counted, 'treated')!.customers).toBe(5)
    expect(counted.soFar).toEqual([{ arm: 'treated', customers: 1, successes: 0 }])
  })

  test('who of those that wait has taken it up already can be watched, in both arms, before anything is judged', async () => {
    await decided({ customerId: 30, arm: 'control', askedAt: '2026-05-26T10:00:00Z' })
    await opened(30, '2026-05-28')
    await opened(7, '2026-05-30')
    const counted = await count()
    expect(counted.maturing).toBe(2)
    expect(counted.soFar.sort((a, b) => (a.arm < b.arm ? 1 : -1))).toEqual([
      { arm: 'treated', customers: 1, successes: 1 },
      { arm: 'control', customers: 1, successes: 1 },
    ])
    expect(arm(counted, 'treated')).toMatchObject({ customers: 5, successes: 1 })
  })

  test('a customer found in both arms of one assignment is taken out, and counted as such', async () => {
    await decided({ customerId: 8, arm: 'treated', askedAt: '2026-03-02T10:00:00Z' })
    await decided({ customerId: 8, arm: 'control', askedAt: '2026-03-03T10:00:00Z' })
    const counted = await count()
    expect(counted.takenOut).toBe(1)
    expect(arm(counted, 'treated')!.customers).toBe(5)
  })

  test('people of two arms who came to live together are taken out, and counted as such', async () => {
    await decided({ customerId: 20, arm: 'treated', askedAt: '2026-03-02T10:00:00Z', household: 90 })
    await bank.rt.db`
      insert into decide.assignment (customer_id, experiment, period, household_id, arm, assigned_at)
      values (20, 'global_control', '2026', 90, 'treated', '2026-01-01')`
    expect(arm(await count(), 'treated')!.customers).toBe(6)
    await bank.rt.db`
      insert into decide.assignment_exit (customer_id, experiment, period, reason, left_at)
      values (20, 'global_control', '2026', 'household_of_two_arms', '2026-04-01')`
    const counted = await count()
    expect(counted.takenOut).toBe(2)
    expect(arm(counted, 'treated')!.customers).toBe(5)
  })

  test('another arm in another year is another assignment, and both count', async () => {
    await decided({ customerId: 9, arm: 'control', askedAt: '2026-01-10T10:00:00Z', period: '2025' })
    await decided({ customerId: 9, arm: 'treated', askedAt: '2026-03-02T10:00:00Z' })
    const counted = await count()
    expect(arm(counted, 'control')!.customers).toBe(2)
    expect(arm(counted, 'treated')!.customers).toBe(6)
    expect(counted.takenOut).toBe(2)
  })

  test('members of one household are one draw', async () => {
    await decided({ customerId: 10, arm: 'control', askedAt: '2026-03-02T10:00:00Z', household: 77 })
    await decided({ customerId: 11, arm: 'control', askedAt: '2026-03-02T10:00:00Z', household: 77 })
    expect(arm(await count(), 'control')).toMatchObject({ customers: 4, households: 3 })
  })

  test('a switch inside the family within 30 days is no sale', async () => {
    const before = arm(await count(), 'control')!
    await decided({ customerId: 40, arm: 'control', askedAt: '2026-03-02T10:00:00Z' })
    await opened(40, '2024-01-01', '2026-02-20', 'easy_saver')
    await opened(40, '2026-03-10')
    expect(arm(await count(), 'control')).toMatchObject({
      customers: before.customers + 1,
      successes: before.successes,
    })
  })

  test('an action that was not chosen is not judged by it', async () => {
    await decided({ customerId: 12, arm: 'treated', askedAt: '2026-03-02T10:00:00Z', chosen: ['easy_saver'] })
    expect(arm(await count(), 'treated')!.customers).toBe(6)
  })
})

describe('how an acceptance ended', () => {
  const accepted = (customerId: number, claimedAt: string) => bank.rt.db`
    insert into know.contact (customer_id, contact_id, decision_id, direction, channel, action, action_group, treatment,
                              class, communication, state, claimed_version, claimed_at, settled_at)
    values (${customerId}, ${bank.rt.ids.next()}, ${bank.rt.ids.next()}, 'inbound', 'app', 'goal_saver', 'save',
            'goal_saver_app', 'marketing', ${`c${customerId}`}, 'accepted', 1, ${claimedAt}, ${claimedAt})`
  const known = async (outcome = GOAL_SAVER) =>
    (
      await acceptedAndKnown(bank.rt.db, {
        outcome,
        family: ['goal_saver'],
        action: 'goal_saver',
        now: bank.clock.now(),
        zone: 'Europe/Berlin',
        contactsMax: 100,
      })
    ).map(({ customerId, realised }) => [customerId, realised])

  test('is known when nothing can be given back any more, or its time is over', async () => {
    await accepted(30, '2026-03-02T10:00:00Z')
    await opened(30, '2026-03-05')
    await accepted(31, '2026-03-03T10:00:00Z')
    await accepted(32, '2026-05-20T10:00:00Z')
    await opened(32, '2026-05-22')
    await accepted(33, '2026-05-20T11:00:00Z')
    expect(await known()).toEqual([
      [30, true],
      [31, false],
    ])
    const { withdrawalDays: _, ...final } = GOAL_SAVER
    expect(await known(final)).toEqual([
      [30, true],
      [31, false],
      [32, true],
    ])
  })

  test('is told once', async () => {
    const [first] = await acceptedAndKnown(bank.rt.db, {
      outcome: GOAL_SAVER,
      family: ['goal_saver'],
      action: 'goal_saver',
      now: bank.clock.now(),
      zone: 'Europe/Berlin',
      contactsMax: 1,
    })
    const { realised: _, ...contact } = first!
    expect(await recordOutcome(bank.rt, { ...contact, action: 'goal_saver', kind: 'realised' })).toBe(true)
    expect(await known()).toEqual([[31, false]])
  })
})

test('a playbook whose outcome names no action of its own is refused', async () => {
  const { kinds } = await import('./index.ts')
  registerKinds(...kinds)
  await expect(runPlaybook(bank.rt, [GOAL_SAVER])).rejects.toMatchObject({ kind: 'invalid' })
})
