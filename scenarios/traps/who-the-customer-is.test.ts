/**
 * The traps of bank.md that are about people and what stands about them: what an engineer gets wrong the first time.
 * Each test bears its trap's name. The money's traps and the message's traps have files of their own.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ageYears } from '#know/customers'
import { PEOPLE } from '../../demo/showcase.ts'
import { type Riverside, riverside } from './riverside.ts'

let bank: Riverside
beforeAll(async () => {
  bank = await riverside()
}, 240_000)
afterAll(() => bank?.close())

const actions = (shown: readonly { action: string }[]): string[] => shown.map(({ action }) => action)
const marketing = (shown: readonly { class: string; action: string }[]): string[] =>
  actions(shown.filter((one) => one.class === 'marketing'))
const CREDIT = [
  'personal_loan',
  'consolidation',
  'green_home_loan',
  'mortgage_meeting',
  'premium_card',
  'resume_application',
]

/** One customer of whom the SQL says something. */
async function someone(where: string): Promise<string> {
  const [found] = await bank.bank.rt.db.unsafe<{ external_id: string }[]>(`
    select k.external_id from know.customer c join know.customer_key k on k.customer_id = c.customer_id and k.source = 'core_customer'
     where ${where} order by k.external_id limit 1`)
  if (!found) throw new Error(`nobody in the demo bank: ${where}`)
  return found.external_id
}
const standing = (name: string): string =>
  `exists (select from know.standing s where s.customer_id = c.customer_id and s.standing = '${name}' and s.to_on is null)`

async function note(externalId: string, name: string): Promise<void> {
  const { status } = await bank.http.call('POST', `/api/know/customers/${await bank.idOf(externalId)}/standings`, {
    as: bank.http.key,
    body: { standing: name, reason: 'a test says so' },
    headers: { 'idempotency-key': `${externalId}-${name}` },
  })
  expect(status).toBe(201)
}

describe('people to show', () => {
  test('Marta is thanked for her repaid loan', async () => {
    expect(actions(await bank.shownTo(PEOPLE.marta))).toContain('loan_repaid')
  })
  test('Jonas is eligible for the Goal Saver', async () => {
    expect((await bank.verdictsFor(PEOPLE.jonas)).get('goal_saver')).toEqual([])
  })
  test('Elif hears of the mortgage meeting; Tom, who objected, hears no marketing', async () => {
    expect(actions(await bank.shownTo(PEOPLE.elif))).toContain('mortgage_meeting')
    expect(marketing(await bank.shownTo(PEOPLE.tom))).toEqual([])
  })
  test('Henrik’s odd payee is checked and nothing is sold to him', async () => {
    const shown = await bank.shownTo(PEOPLE.henrik)
    expect(actions(shown)).toContain('scam_check')
    expect(marketing(shown)).toEqual([])
  })
  test('Ana is offered a check-up, never credit', async () => {
    expect(actions(await bank.shownTo(PEOPLE.ana))).toContain('money_checkup')
    const verdicts = await bank.verdictsFor(PEOPLE.ana)
    for (const action of CREDIT) expect(verdicts.get(action), action).not.toEqual([])
  })
  test('Lea, 17 years and 11 months, is shown no marketing', async () => {
    expect(marketing(await bank.shownTo(PEOPLE.lea))).toEqual([])
  })
})

describe('trap: joint account', () => {
  test('it counts once in the bank’s book and by share in each owner’s value', async () => {
    const [book] = await bank.bank.rt.db<{ accounts: number; links: number; shares: number }[]>`
      select count(distinct h.holding_id)::int as accounts, count(*)::int as links, sum(r.share_bp)::int as shares
        from know.holding h join know.holding_role r on r.holding_id = h.holding_id and r.role = 'owner'
       where h.status = 'open' and h.product in ('everyday_account', 'plus_account', 'premier_account')`
    expect(book!.links).toBeGreaterThan(book!.accounts)
    expect(book!.shares).toBe(book!.accounts * 10_000)
  })
  test('consent is each person’s own: Elif’s does not speak for Tom', async () => {
    const of = async (who: string) =>
      (await bank.http.call('GET', `/api/trust/consents/${await bank.idOf(who)}`, { as: 'dora' })).body
    expect((await of(PEOPLE.elif)).marketing.email).toBe(true)
    expect((await of(PEOPLE.tom)).marketing.email).toBe(false)
  })
  test('whose signature is not enough alone is on record', async () => {
    const { body } = await bank.http.call('GET', `/api/know/customers/${await bank.idOf(PEOPLE.elif)}`, { as: 'riya' })
    const joint = body.holdings.find(({ product }: { product: string }) => product === 'plus_account')
    expect(joint.authority).toBe('both')
    expect(joint.shareBp).toBe(5000)
  })
  test('what changes an account that both must sign for needs Tom’s acceptance beside Elif’s', async () => {
    // With a fortune on it, the better account is worth their while.
    await bank.bank.rt.db`
      update know.holding h set balance_minor = 9000000
        from know.holding_role r join know.customer_key k on k.customer_id = r.customer_id
       where k.external_id = ${PEOPLE.elif} and r.holder_customer_id = h.customer_id and r.holding_id = h.holding_id
         and h.product = 'plus_account'`
    const asked = await bank.http.call('POST', '/api/decide/decisions', {
      as: bank.http.key,
      body: { customerId: await bank.idOf(PEOPLE.elif), channel: 'app', placement: 'app_home', actionsMax: 20 },
    })
    const { contactId } = asked.body.actions.find(({ action }: { action: string }) => action === 'premier_account')
    const accept = (more = {}) =>
      bank.http.call('POST', '/api/engage/inbound/responses', {
        as: bank.http.key,
        body: { contactId, kind: 'accept', ...more },
      })
    expect((await accept()).body).toMatchObject({ state: 'clicked', awaiting: 'other_holders' })
    const second = await accept({ by: { source: 'core_customer', id: PEOPLE.tom } })
    expect(second.body).toMatchObject({ state: 'accepted', awaiting: null })
  })
})

describe('trap: minors', () => {
  test('no credit and no marketing for anybody under 18, whatever they do', async () => {
    const teen = await someone(
      `c.birth_on > date '2026-03-02' - interval '17 years' and c.birth_on < date '2026-03-02' - interval '15 years'`,
    )
    expect(marketing(await bank.shownTo(teen))).toEqual([])
    const verdicts = await bank.verdictsFor(teen)
    for (const action of CREDIT) expect(verdicts.get(action), action).not.toEqual([])
  })
  test('a child cannot be reached by marketing through a guardian who asks for it', async () => {
    const acting = { source: 'core_customer', id: PEOPLE.karin }
    expect(marketing(await bank.shownTo(PEOPLE.lea, { asker: 'guardian', acting }))).toEqual([])
  })
  test('the guardian’s authority over the account ends on the eighteenth birthday', async () => {
    const [role] = await bank.bank.rt.db<{ to_on: string; birth_on: string }[]>`
      select r.to_on, c.birth_on from know.holding_role r
        join know.customer_key k on k.customer_id = r.customer_id and k.external_id = ${PEOPLE.karin}
        join know.holding_role o on o.holding_id = r.holding_id and o.role = 'owner'
        join know.customer c on c.customer_id = o.customer_id
       where r.role = 'guardian'`
    expect(role!.to_on).toBe('2026-04-02')
    expect(role!.birth_on).toBe('2008-04-02')
  })
})

describe('trap: deceased', () => {
  test('on first notice everything stops, what lies ready included', async () => {
    const customer = await someone(
      `c.stage = 'customer' and c.kind = 'person' and c.birth_on < '1950-01-01' and not exists (select from know.standing s where s.customer_id = c.customer_id)`,
    )
    const before = await bank.shownTo(customer)
    expect(before.length).toBeGreaterThan(0)
    await note(customer, 'deceased_notified')
    await bank.http.drain()
    const { rt } = bank.bank
    expect(
      await rt.db`select distinct state, reason from know.contact where customer_id = ${await bank.idOf(customer)}`,
    ).toEqual([{ state: 'suppressed', reason: 'no_contact' }])
    expect(await bank.shownTo(customer)).toEqual([])
    expect(await bank.shownTo(customer, { asker: 'staff', placement: 'branch_desk' })).toEqual([])
  })
  test('the partner who is left goes on, and is sold nothing while bereaved', async () => {
    const widowed = await someone(`c.stage = 'customer' and ${standing('bereaved')}`)
    expect(marketing(await bank.shownTo(widowed))).toEqual([])
  })
})

describe('trap: attorney, guardian', () => {
  test('no offers through whoever acts for a customer', async () => {
    const acting = { source: 'core_customer', id: PEOPLE.sofie }
    expect(marketing(await bank.shownTo(PEOPLE.henrik, { asker: 'attorney', acting }))).toEqual([])
  })
  test('whoever says that they act for a customer is not believed without a name', async () => {
    for (const asker of ['attorney', 'guardian', 'executor'])
      await expect(bank.shownTo(PEOPLE.elif, { asker }), asker).rejects.toThrow('acting_missing')
  })
  test('the attorney’s authority has a scope and an end', async () => {
    const { body } = await bank.http.call('GET', `/api/know/customers/${await bank.idOf(PEOPLE.sofie)}`, { as: 'riya' })
    const acted = body.holdings.find(({ role }: { role: string }) => role === 'attorney')
    expect(acted.authority).toBe('limited')
    expect(acted.roleToOn > '2026-03-02').toBe(true)
    expect(acted.shareBp).toBe(0)
  })
})

describe('trap: business v personal', () => {
  test('one human, two customers: the business’s account is not among Ana’s own products', async () => {
    const ana = await bank.attributesOf(PEOPLE.ana)
    expect(ana.products).not.toContain('business_account')
    expect(ana.relations).toContain('owner')
    expect(await bank.idOf('B90000001')).not.toBe(await bank.idOf(PEOPLE.ana))
  })
  test('the business agreed to nothing that Ana agreed to', async () => {
    const { body } = await bank.http.call('GET', `/api/trust/consents/${await bank.idOf('B90000001')}`, { as: 'dora' })
    expect(Object.values(body.marketing).filter((open) => open === true && typeof open === 'boolean')).not.toContain(
      'email',
    )
    expect(body.marketing.email).toBe(false)
  })
})

describe('trap: dormancy', () => {
  test('interest and fees do not wake an account: only the customer’s own acts count', async () => {
    const asleep = await bank.bank.rt.lake.query<{ customer_id: number }>(`
      select o.customer_id from know.account_transaction t join know.holding_of o on o.holding_id = t.holding_id and o.role = 'owner'
       group by o.customer_id having countIf(t.customer_initiated = 1) = 0 and countIf(t.kind in ('fee', 'interest')) > 0 order by 1 limit 3`)
    expect(asleep.length).toBe(3)
    for (const { customer_id } of asleep) {
      const { body } = await bank.http.call('GET', `/api/know/attributes/of/${customer_id}`, { as: bank.http.key })
      expect(body.attributes.acts_90d).toBe(0)
      expect(body.absent).toContain('last_active_on')
    }
  })
})

describe('trap: complaints', () => {
  test('sales stop while a complaint is open, and for thirty days after', async () => {
    const customer = await someone(
      `c.stage = 'customer' and exists (select from know.standing s where s.customer_id = c.customer_id and s.standing = 'complaint_open' and s.to_on > date '2026-03-02' - 30)`,
    )
    expect(marketing(await bank.shownTo(customer))).toEqual([])
  })
})

describe('trap: vulnerability', () => {
  test('a support need ends prompts to borrow and nothing else', async () => {
    const customer = await someone(`c.stage = 'customer' and ${standing('support_need')}`)
    const verdicts = await bank.verdictsFor(customer)
    for (const action of CREDIT) expect(verdicts.get(action), action).not.toEqual([])
    for (const action of ['easy_saver', 'goal_saver', 'fixed_term', 'low_balance']) {
      expect(
        (verdicts.get(action) ?? []).filter((clause) => clause.includes('support')),
        action,
      ).toEqual([])
    }
  })
  test('who has one is seen by those who serve customers, with a reason that goes on record, and by nobody else', async () => {
    const customer = await someone(`c.stage = 'customer' and ${standing('support_need')}`)
    const record = `/api/know/customers/${await bank.idOf(customer)}`
    expect((await bank.http.call('GET', record, { as: 'mina' })).status).toBe(404)
    expect((await bank.http.call('GET', record, { as: 'riya' })).body.error).toMatchObject({
      code: 'reason_needed',
      facts: { seals: ['vulnerable'] },
    })
    const headers = { 'x-access-reason': 'He asks at my desk for larger print.' }
    expect((await bank.http.call('GET', record, { as: 'riya', headers })).status).toBe(200)
    const opened = await bank.bank.rt.db`select 1 from trust.audit_entry where action = 'trust.seals:opened'`
    expect(opened.length).toBeGreaterThan(0)
    // Service and savings are as for anybody: what serves the customer themselves asks for no reason.
    expect((await bank.shownTo(customer)).filter(({ action }) => CREDIT.includes(action))).toEqual([])
  })
  test('whoever’s support need has ended is as visible as before', async () => {
    const customer = await someone(`c.stage = 'customer' and ${standing('support_need')}`)
    const customerId = await bank.idOf(customer)
    await bank.bank.rt.db`
      update know.standing set to_on = '2026-03-01' where customer_id = ${customerId} and standing = 'support_need'`
    expect((await bank.http.call('GET', `/api/know/customers/${customerId}`, { as: 'riya' })).status).toBe(200)
    await bank.bank.rt.db`
      update know.standing set to_on = null where customer_id = ${customerId} and standing = 'support_need'`
  })
})

describe('trap: crime checks', () => {
  test('whoever asks is told "no contact" and no reason, in the answer and in its explanation', async () => {
    const customer = await someone(
      `c.stage = 'customer' and c.kind = 'person' and c.birth_on between '1960-01-01' and '1990-01-01' and not exists (select from know.standing s where s.customer_id = c.customer_id)`,
    )
    await note(customer, 'crime_block')
    const asked = await bank.http.call('POST', '/api/decide/decisions', {
      as: bank.http.key,
      body: { customerId: await bank.idOf(customer), channel: 'app', placement: 'app_home' },
    })
    expect(asked.body.actions).toEqual([])
    const why = await bank.http.call('GET', `/api/decide/decisions/${asked.body.decisionId}`, { as: bank.http.key })
    expect(JSON.stringify(asked.body) + JSON.stringify(why.body)).not.toMatch(/crime/)
    expect(JSON.stringify(why.body)).toMatch(/no contact/i)
    const screen = await bank.http.call('GET', `/api/know/customers/${await bank.idOf(customer)}`, { as: 'riya' })
    expect(screen.status).toBe(200)
    expect(JSON.stringify(screen.body)).not.toMatch(/crime/)
    expect(screen.body.effects).toMatchObject({ stopAll: true, holding: ['no_contact'] })
  })
})

describe('trap: staff customers', () => {
  test('their record opens to nobody without the right, and nobody opens their own', async () => {
    const colleague = await someone(`c.stage = 'customer' and ${standing('staff')}`)
    const customerId = await bank.idOf(colleague)
    const colleagues = await bank.http.call('GET', `/api/know/customers/${customerId}`, { as: 'riya' })
    expect(colleagues.status).toBe(404)
    await bank.http.person('nora', { role: 'relationship_manager', customerId })
    const own = await bank.http.call('GET', `/api/know/customers/${customerId}`, { as: 'nora' })
    expect([403, 404]).toContain(own.status)
  })
})

describe('trap: shared address', () => {
  test('an opt-out by address binds everybody who is reached there', async () => {
    const [shared] = await bank.bank.rt.db<{ email: string; ids: number[] }[]>`
      select email, array_agg(customer_id order by customer_id) as ids from know.customer
       where email is not null and stage = 'customer' group by email having count(*) > 1 limit 1`
    expect(shared!.ids.length).toBe(2)
    const { status } = await bank.http.call('POST', '/api/trust/consents/suppressions', {
      as: bank.http.key,
      body: { medium: 'email', address: shared!.email, evidence: { how: 'the link in an e-mail' } },
      headers: { 'idempotency-key': 'shared-address' },
    })
    expect(status).toBeLessThan(300)
    for (const id of shared!.ids) {
      const { body } = await bank.http.call('GET', `/api/trust/consents/${id}`, { as: 'dora' })
      expect(body.marketing.email).toBe(false)
    }
  })
})

describe('trap: objection', () => {
  test('it ends marketing by profile on every channel, those the customer comes to us by included', async () => {
    for (const placement of ['app_home', 'web_overview', 'branch_desk', 'contact_centre']) {
      const asker = placement === 'app_home' || placement === 'web_overview' ? 'self' : 'staff'
      expect(marketing(await bank.shownTo(PEOPLE.tom, { placement, asker })), placement).toEqual([])
    }
  })
})

describe('trap: calendar', () => {
  test('somebody born on 29 February is a year older on 1 March of a common year', () => {
    expect(ageYears('2008-02-29', '2026-02-28')).toBe(17)
    expect(ageYears('2008-02-29', '2026-03-01')).toBe(18)
    expect(ageYears('2008-02-29', '2028-02-29')).toBe(20)
  })
  test('Lea comes of age on her birthday and not before; nothing that was agreed for her goes on', async () => {
    const age = async (): Promise<number> =>
      (await bank.http.call('GET', `/api/know/customers/${await bank.idOf(PEOPLE.lea)}`, { as: 'riya' })).body.ageYears
    bank.bank.clock.set('2026-04-01T20:00:00Z')
    expect(await age()).toBe(17)
    // In Berlin it is two o'clock in the morning of her birthday.
    bank.bank.clock.set('2026-04-02T00:00:00Z')
    expect(await age()).toBe(18)
    const { body } = await bank.http.call('GET', `/api/trust/consents/${await bank.idOf(PEOPLE.lea)}`, { as: 'dora' })
    expect(body.marketing.email).toBe(false)
  })
})
