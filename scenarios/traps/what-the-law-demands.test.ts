/**
 * The traps of bank.md that are about law: default, legal notices, service against marketing, declines that a person
 * reviews, complaints and their fifteen business days. Each test bears its trap's name.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runPlaybook } from '#test/playbook'
import { activeRevision, type Document } from '#trust/playbook'
import { PEOPLE } from '../../demo/showcase.ts'
import { type Riverside, riverside } from './riverside.ts'

let bank: Riverside
beforeAll(async () => {
  bank = await riverside()
}, 240_000)
afterAll(() => bank?.close())

const NOON = '2026-03-02T11:00:00Z'
/** Half past eleven at night in Berlin, when no channel may speak up to sell. */
const NIGHT = '2026-03-02T22:30:00Z'

/** The n-th customer in middle age with nothing noted about them and a loan of so many euros. */
async function borrower(nth: number, owedMinor: number): Promise<string> {
  const { db } = bank.bank.rt
  const [found] = await db<{ externalId: string; customerId: number }[]>`
    select k.external_id as "externalId", c.customer_id as "customerId"
      from know.customer c
      join know.customer_key k on k.customer_id = c.customer_id and k.source = 'core_customer'
     where c.stage = 'customer' and c.kind = 'person' and c.birth_on between '1970-01-01' and '1995-01-01'
       and not exists (select from know.standing s where s.customer_id = c.customer_id) and k.external_id < 'P9'
     order by k.external_id offset ${nth} limit 1`
  const { externalId, customerId } = found!
  const holdingId = 9_000_000 + customerId
  await db`
    insert into know.holding (customer_id, holding_id, product, status, opened_on, currency, balance_minor, balance_on,
                              term_months, instalment_minor)
    values (${customerId}, ${holdingId}, 'personal_loan', 'open', '2024-01-01', 'EUR', ${-owedMinor}, '2026-03-01', 60, 15000)`
  await db`
    insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
    values (${customerId}, ${holdingId}, 'owner', 'sole', 10000, '2024-01-01', ${customerId})`
  return externalId
}

async function late(externalId: string, days: number, more: { instalmentMinor?: number } = {}): Promise<void> {
  const customerId = await bank.idOf(externalId)
  await bank.bank.rt.db`
    update know.holding set arrears_since_on = date '2026-03-02' - ${days}::int,
                            instalment_minor = ${more.instalmentMinor ?? 15_000}
     where holding_id = ${9_000_000 + customerId}`
}

let told = 0
async function tell(externalId: string, type: string, payload: Record<string, unknown>): Promise<void> {
  const { status, body } = await bank.http.call('POST', '/api/know/events', {
    as: bank.http.key,
    body: {
      source: 'bank',
      id: `law-${++told}`,
      type,
      occurredAt: bank.bank.clock.now().toISOString(),
      customer: { source: 'core_customer', id: externalId },
      payload,
    },
  })
  if (status >= 300) throw new Error(JSON.stringify(body))
  await bank.http.drain()
}

const isDefaulted = async (externalId: string): Promise<unknown> => (await bank.attributesOf(externalId)).in_default

/** What a channel that the bank speaks up by would say, at an instant. */
async function said(externalId: string, channel: string, at: string): Promise<{ action: string; class: string }[]> {
  const before = bank.bank.clock.now()
  bank.bank.clock.set(at)
  const { status, body } = await bank.http.call('POST', '/api/decide/decisions', {
    as: bank.http.key,
    body: { customerId: await bank.idOf(externalId), channel, actionsMax: 20 },
  })
  bank.bank.clock.set(before)
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body.actions
}
const object = async (externalId: string): Promise<void> => {
  const { status } = await bank.http.call('POST', `/api/trust/consents/${await bank.idOf(externalId)}`, {
    as: bank.http.key,
    body: { purpose: 'marketing', state: 'objected', evidence: { how: 'letter' } },
  })
  expect(status).toBeLessThan(300)
}

describe('trap: arrears, default', () => {
  test('ninety days late is arrears; ninety-one, with more than €100 and 1 % past due, is default', async () => {
    const somebody = await borrower(0, 1_000_000)
    await late(somebody, 90)
    expect(await isDefaulted(somebody)).toBe(false)
    await late(somebody, 91)
    expect(await isDefaulted(somebody)).toBe(true)
  })
  test('€100 or less past due is no default, however long', async () => {
    const somebody = await borrower(1, 1_000_000)
    // Four instalments of €25, then of €25.01.
    await late(somebody, 95, { instalmentMinor: 2500 })
    expect(await isDefaulted(somebody)).toBe(false)
    await late(somebody, 95, { instalmentMinor: 2501 })
    expect(await isDefaulted(somebody)).toBe(true)
  })
  test('1 % or less of what is owed is none either', async () => {
    const somebody = await borrower(2, 10_000_000)
    await late(somebody, 95, { instalmentMinor: 25_000 })
    expect(await isDefaulted(somebody)).toBe(false)
    await late(somebody, 95, { instalmentMinor: 25_001 })
    expect(await isDefaulted(somebody)).toBe(true)
  })
  test('who is in default is taught and sold nothing; who is only late hears what helps them use what they have', async () => {
    const somebody = await borrower(3, 1_000_000)
    await late(somebody, 60)
    const before = await bank.verdictsFor(somebody)
    expect(before.get('app_wallet') ?? []).not.toContain('not_in_default')
    expect(before.get('personal_loan')).toContain('credit_arrears')
    await late(somebody, 120)
    const after = await bank.verdictsFor(somebody)
    for (const action of ['app_wallet', 'goal_saver', 'home_cover', 'tenure_thanks', 'refer_friend'])
      expect(after.get(action), action).toContain('not_in_default')
    // Care and alerts go on: they are the hardship team's way to the customer.
    for (const action of ['money_checkup', 'low_balance', 'scam_check'])
      expect(after.get(action), action).not.toContain('not_in_default')
  })
})

describe('trap: legal notices', () => {
  test('they reach whoever objected to marketing, at night and beyond every cap, and nothing else does', async () => {
    const somebody = await borrower(10, 100)
    await object(somebody)
    await tell(somebody, 'document.read', { expires_on: '2026-03-20' })
    for (const channel of ['push', 'email']) {
      const heard = await said(somebody, channel, NIGHT)
      expect(
        heard.map(({ action }) => action),
        channel,
      ).toContain('id_update')
      expect(
        heard.filter((one) => one.class === 'marketing'),
        channel,
      ).toEqual([])
      // Again and again, since no cap counts it and no rest silences it.
      expect(
        (await said(somebody, channel, NIGHT)).map(({ action }) => action),
        channel,
      ).toContain('id_update')
    }
  })
  test('a no to the notice does not end it; only a death does', async () => {
    const somebody = await borrower(11, 100)
    await tell(somebody, 'document.read', { expires_on: '2026-03-20' })
    const [notice] = (await bank.shownTo(somebody)).filter(({ action }) => action === 'id_update')
    await bank.http.call('POST', '/api/engage/inbound/responses', {
      as: bank.http.key,
      body: { contactId: notice!.contactId, kind: 'never' },
    })
    expect((await bank.shownTo(somebody)).map(({ action }) => action)).toContain('id_update')
    await bank.http.call('POST', `/api/know/customers/${await bank.idOf(somebody)}/standings`, {
      as: bank.http.key,
      body: { standing: 'deceased_notified', reason: 'the family called' },
    })
    expect(await bank.shownTo(somebody)).toEqual([])
  })
  test('it is in the control arm’s hands as in everybody’s', async () => {
    const [control] = await bank.bank.rt.db<{ externalId: string }[]>`
      select k.external_id as "externalId" from decide.decision d
        join know.customer_key k on k.customer_id = d.customer_id and k.source = 'core_customer'
       where d.arm = 'control' limit 1`
    let externalId = control?.externalId
    for (let nth = 20; externalId === undefined && nth < 320; nth++) {
      const somebody = await borrower(nth, 100)
      await bank.shownTo(somebody)
      const [drawn] = await bank.bank.rt.db`
        select 1 from decide.assignment where arm = 'control' and customer_id = ${await bank.idOf(somebody)}`
      if (drawn) externalId = somebody
    }
    await tell(externalId!, 'document.read', { expires_on: '2026-03-20' })
    const heard = await said(externalId!, 'email', NOON)
    expect(heard.map(({ action }) => action)).toContain('id_update')
    expect(heard.filter((one) => one.class === 'marketing')).toEqual([])
  })
})

describe('trap: declines', () => {
  test('a declined application ends prompts to borrow; a person who reviews it and finds otherwise brings them back', async () => {
    const somebody = await borrower(12, 100)
    await tell(somebody, 'application.declined', { product: 'personal_loan', automated: true })
    expect((await bank.verdictsFor(somebody)).get('personal_loan')).toContain('no_recent_decline')
    await tell(somebody, 'application.reviewed', { product: 'personal_loan', overturned: false })
    expect((await bank.verdictsFor(somebody)).get('personal_loan')).toContain('no_recent_decline')
    await tell(somebody, 'application.reviewed', { product: 'personal_loan', overturned: true })
    expect((await bank.verdictsFor(somebody)).get('personal_loan')).not.toContain('no_recent_decline')
  })
  test('a review of an earlier decline does not undo a later one', async () => {
    const somebody = await borrower(13, 100)
    await tell(somebody, 'application.reviewed', { product: 'personal_loan', overturned: true })
    bank.bank.clock.advanceMs(86_400_000)
    await tell(somebody, 'application.declined', { product: 'personal_loan', automated: true })
    expect((await bank.verdictsFor(somebody)).get('personal_loan')).toContain('no_recent_decline')
    bank.bank.clock.advanceMs(-86_400_000)
  })
})

describe('trap: complaints', () => {
  test('one told in a call ends selling at once, before any night’s file, and until it is closed and thirty days', async () => {
    const somebody = await borrower(14, 100)
    expect((await bank.verdictsFor(somebody)).get('goal_saver') ?? []).not.toContain('no_complaint_told')
    await tell(somebody, 'complaint.opened', { about: 'service', how: 'said on the telephone' })
    expect((await bank.verdictsFor(somebody)).get('goal_saver')).toContain('no_complaint_told')
    expect((await bank.shownTo(somebody)).filter((one) => one.class === 'marketing')).toEqual([])
    await tell(somebody, 'complaint.closed', { upheld: false })
    const after = (await bank.verdictsFor(somebody)).get('goal_saver')
    expect(after).not.toContain('no_complaint_told')
    expect(after).toContain('no_complaint')
  })
  test('each that waits has the business day on which its reply is due, the first in front, and late ones say so', async () => {
    const [early, recent] = [await borrower(15, 100), await borrower(16, 100)]
    for (const [who, fromOn] of [
      [recent, '2026-02-27'],
      [early, '2026-02-06'],
    ] as const)
      await bank.http.call('POST', `/api/know/customers/${await bank.idOf(who)}/standings`, {
        as: bank.http.key,
        body: { standing: 'complaint_open', fromOn, reason: 'a payment that came twice' },
      })
    const { body } = await bank.http.call('GET', '/api/know/customers/complaints', {
      as: 'riya',
      query: { limit: 1000 },
    })
    const of = async (who: string) => {
      const customerId = await bank.idOf(who)
      return body.complaints.find((one: { customerId: number }) => one.customerId === customerId)
    }
    expect(await of(early)).toMatchObject({ replyDueOn: '2026-02-27', businessDaysLeft: -1, overdue: true })
    expect(await of(recent)).toMatchObject({ replyDueOn: '2026-03-20', businessDaysLeft: 14, overdue: false })
    const [known] = await bank.bank.rt.db<{ name: string }[]>`
      select full_name as name from know.customer where customer_id = ${await bank.idOf(early)}`
    expect((await of(early)).name).toBe(known!.name)
    const days = body.complaints.map(({ receivedOn }: { receivedOn: string }) => receivedOn)
    expect(days).toEqual([...days].sort())
  })
  test('whom somebody may not see is not in their list, and whoever is in it was looked at', async () => {
    await bank.http.person('otilie', {
      role: 'relationship_manager',
      units: [{ kind: 'branch', code: 'no-such-branch' }],
    })
    const elsewhere = await bank.http.call('GET', '/api/know/customers/complaints', { as: 'otilie' })
    expect(elsewhere.body.complaints).toEqual([])
    const looked = await bank.bank.rt
      .db`select 1 from trust.audit_entry where action = 'know.customers:complaints_listed'`
    expect(looked.length).toBe(1)
  })
})

// Last, since it changes the playbook.
describe('trap: service v marketing', () => {
  test('one promotional sentence makes a service message marketing: who objected hears it no more', async () => {
    const somebody = PEOPLE.tom
    await tell(somebody, 'complaint.closed', { upheld: false })
    const heardOf = async () =>
      (await said(somebody, 'push', NOON)).filter(({ action }) => action === 'complaint_aftercare')
    expect(await heardOf()).toMatchObject([{ class: 'care' }])
    const documents = [...(await activeRevision(bank.bank.rt)).documents.values()].flatMap((ofKind) => [
      ...ofKind.values(),
    ])
    await runPlaybook(
      bank.bank.rt,
      documents.map((one) =>
        one.id === 'complaint_aftercare_push' ? ({ ...one, promotional: true } as Document) : one,
      ),
    )
    expect(await heardOf()).toEqual([])
    // By e-mail, where it is put without that sentence, it still reaches him.
    expect((await said(somebody, 'email', NOON)).map(({ action }) => action)).toContain('complaint_aftercare')
  })
})
