/** Who is offered what, and for how long a no is kept: told over HTTP, on the demo bank, with a clock that is moved. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { invariants } from '#app/modules'
import { runInvariants } from '#platform/postgres'
import { PEOPLE } from '../demo/showcase.ts'
import { type Riverside, riverside } from './traps/riverside.ts'

const DAY_MS = 86_400_000
let bank: Riverside
beforeAll(async () => {
  bank = await riverside()
}, 240_000)
afterAll(() => bank?.close())

const respond = (contactId: string, kind: string) =>
  bank.http.call('POST', '/api/engage/inbound/responses', { as: bank.http.key, body: { contactId, kind } })

const actionsShown = async (externalId: string, more = {}) =>
  (await bank.shownTo(externalId, more)).map(({ action }) => action)

async function tell(externalId: string, type: string, payload: Record<string, unknown>) {
  const { status, body } = await bank.http.call('POST', '/api/know/events', {
    as: bank.http.key,
    body: {
      source: 'app',
      id: `${externalId}:${type}:${bank.bank.clock.now().getTime()}`,
      type,
      occurredAt: bank.bank.clock.now().toISOString(),
      customer: { source: 'core_customer', id: externalId },
      payload,
    },
  })
  if (status >= 300) throw new Error(JSON.stringify(body))
  await bank.http.drain()
}

describe('a small saver is offered the Goal Saver', () => {
  test('Jonas, who saves €15 at a time, sees it in the app, with its rate and by name', async () => {
    const offer = (await bank.shownTo(PEOPLE.jonas)).find(({ action }) => action === 'goal_saver')
    expect(offer?.text).toContain('Jonas')
    expect(offer?.text).toContain('1.75')
    expect(offer?.offer).toMatchObject({ rateBp: 175, product: 'goal_saver' })
  })

  test('Tom, who objected to marketing, is not', async () => {
    const shown = await bank.shownTo(PEOPLE.tom)
    expect(shown.filter((one) => one.class === 'marketing')).toEqual([])
  })

  test('Lea, 17 years and 11 months old, is offered no credit whatever she looks at', async () => {
    await tell(PEOPLE.lea, 'web.page_viewed', { topic: 'loan' })
    expect((await bank.verdictsFor(PEOPLE.lea)).get('personal_loan')).toContain('credit_adult')
  })
})

describe('a refused offer stays away as long as its policy says', () => {
  test('it is gone everywhere within the same second, for 90 days, and then may come back', async () => {
    const offer = (await bank.shownTo(PEOPLE.jonas)).find(({ action }) => action === 'goal_saver')!
    expect((await respond(offer.contactId, 'refuse')).body.state).toBe('refused')
    for (const placement of ['app_home', 'web_overview', 'branch_desk', 'contact_centre'])
      expect(await actionsShown(PEOPLE.jonas, { placement })).not.toContain('goal_saver')
    const start = bank.bank.clock.now().getTime()
    bank.bank.clock.set(new Date(start + 89 * DAY_MS))
    expect((await bank.verdictsFor(PEOPLE.jonas)).get('goal_saver')).toContain('refused_action')
    bank.bank.clock.set(new Date(start + 91 * DAY_MS))
    expect((await bank.verdictsFor(PEOPLE.jonas)).get('goal_saver')).not.toContain('refused_action')
    bank.bank.clock.set(new Date(start))
  })
})

describe('a high spender is offered the premium card, unless stretched', () => {
  /** Somebody for whom only the wish is missing. */
  async function highSpender(): Promise<string> {
    const { body } = await bank.http.call('POST', '/api/know/segments/count', {
      as: bank.http.key,
      body: { segment: 'high_spender', sample: 100 },
    })
    const ids = body.sample.map(({ customerId }: { customerId: number }) => customerId)
    const rows = await bank.bank.rt.db<{ externalId: string }[]>`
      select external_id as "externalId" from know.customer_key
       where source = 'core_customer' and customer_id = any(${ids}::bigint[]) order by external_id`
    for (const { externalId } of rows) {
      const against = (await bank.verdictsFor(externalId)).get('premium_card') ?? ['unknown']
      if (against.length === 1 && against[0] === 'looked') return externalId
    }
    throw new Error(`none of ${rows.length} high spenders lacks only the wish`)
  }

  test('having looked at cards, they see it, with the example and the warning in full', async () => {
    const externalId = await highSpender()
    await tell(externalId, 'web.page_viewed', { topic: 'card' })
    expect((await bank.verdictsFor(externalId)).get('premium_card')).toEqual([])
    const shown = await bank.shownTo(externalId, { placement: 'branch_desk', reason: 'card_pages', language: 'en' })
    const card = shown.find(({ action }) => action === 'premium_card')
    expect(card?.text).toContain('Caution! Borrowing money costs money')
    for (const figure of ['15.9', '20.76', '1,500', '24']) expect(card?.text).toContain(figure)

    const customerId = await bank.idOf(externalId)
    const noted = await bank.http.call('POST', `/api/know/customers/${customerId}/standings`, {
      as: bank.http.key,
      body: { standing: 'stretched', fromOn: '2026-03-02', reason: 'told the hardship team' },
    })
    expect(noted.status).toBeLessThan(300)
    expect((await bank.verdictsFor(externalId)).get('premium_card')).not.toEqual([])
    expect(await actionsShown(externalId, { placement: 'branch_desk', reason: 'card_pages' })).not.toContain(
      'premium_card',
    )
  })
})

describe('somebody acts for a customer only while they may', () => {
  const asking = (customer: string, asker: string, acting: string) =>
    bank.http.call('POST', '/api/engage/inbound/ask', {
      as: bank.http.key,
      body: {
        customer: { source: 'core_customer', id: customer },
        placement: 'app_home',
        asker,
        acting: { source: 'core_customer', id: acting },
      },
    })

  test('Henrik’s daughter is answered with his power of attorney, and offered nothing through it', async () => {
    const { status, body } = await asking(PEOPLE.henrik, 'attorney', PEOPLE.sofie)
    expect(status).toBe(200)
    expect(body.actions.filter((one: { class: string }) => one.class === 'marketing')).toEqual([])
  })

  test('a stranger is not, nor is she as his guardian', async () => {
    expect((await asking(PEOPLE.henrik, 'attorney', PEOPLE.jonas)).body.error).toMatchObject({
      code: 'authority_missing',
      facts: { because: 'no_role' },
    })
    expect((await asking(PEOPLE.henrik, 'guardian', PEOPLE.sofie)).status).toBe(403)
  })

  test('Lea’s mother acts for her until Lea is eighteen', async () => {
    expect((await asking(PEOPLE.lea, 'guardian', PEOPLE.karin)).status).toBe(200)
    const start = bank.bank.clock.now().getTime()
    bank.bank.clock.set(new Date(start + 62 * DAY_MS))
    expect((await asking(PEOPLE.lea, 'guardian', PEOPLE.karin)).body.error).toMatchObject({
      facts: { because: 'role_ended' },
    })
    bank.bank.clock.set(new Date(start))
  })
})

describe('consent withdrawn is never overtaken', () => {
  test('of questions asked while the customer objects, none claims marketing after the objection', async () => {
    const customerId = await bank.idOf(PEOPLE.elif)
    const asking = Array.from({ length: 40 }, async (_, i) => {
      if (i === 20)
        await bank.http.call('POST', `/api/trust/consents/${customerId}`, {
          as: bank.http.key,
          body: { purpose: 'marketing', state: 'objected', evidence: { how: 'phone call' } },
        })
      return bank.shownTo(PEOPLE.elif)
    })
    await Promise.all(asking)
    const after = await bank.shownTo(PEOPLE.elif)
    expect(after.filter((one) => one.class === 'marketing')).toEqual([])
    const found = await runInvariants(bank.bank.rt, invariants)
    expect(found.filter(({ rows }) => rows.length > 0)).toEqual([])
  })
})
