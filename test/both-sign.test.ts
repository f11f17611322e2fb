/** What both holders of an account must sign for, in the app, in the internet bank and at the adviser's desk. */
import type { FastifyInstance } from 'fastify'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { freePort } from '#test/scratch'
import { dayOf } from '../demo/days.ts'
import { buildPages } from '../demo/pages/server.ts'
import { PEOPLE } from '../demo/showcase.ts'
import { type Riverside, riverside } from '../scenarios/traps/riverside.ts'

const PREMIER = 'premier_account'
let bank: Riverside
let browsing: Browsing
let pages: FastifyInstance
let url: string
let [elif, tom] = [0, 0]

beforeAll(async () => {
  if (!hasBrowser) return
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  bank = await riverside({ overrides: { http: { origins: [url] } } })
  browsing = await browse(bank.bank)
  pages = buildPages({
    door: { url: browsing.url, apiKey: await browsing.http.keyWith(['engage.inbound:token', 'engage.inbound:ask']) },
    publicUrl: browsing.url,
    bank: { seed: 7, size: 1000, today: dayOf('2026-03-02'), years: 2 },
    now: () => bank.bank.clock.now(),
  })
  await pages.listen({ host: '127.0.0.1', port })
  elif = await bank.idOf(PEOPLE.elif)
  tom = await bank.idOf(PEOPLE.tom)
  await onlyPremier()
}, 300_000)
afterAll(async () => {
  await pages?.close()
  await browsing?.close()
  await bank?.close()
})

const call = (method: string, path: string, body?: object) =>
  browsing.http.call(method, path, { as: 'riya', ...(body ? { body } : {}) })
/** Elif has said no to what came first before, so that Premier is among what there is to talk about. */
async function onlyPremier(): Promise<void> {
  for (let asked = 0; asked < 20; asked++) {
    const { body } = await call('POST', '/api/engage/inbound/ask', { customerId: elif, placement: 'branch_desk' })
    if (body.actions.some(({ action }: { action: string }) => action === PREMIER)) return
    const others = body.actions
    for (const { contactId } of others)
      await call('POST', '/api/engage/inbound/responses', { contactId, kind: 'refuse' })
  }
}
const stateOf = async (): Promise<string[]> =>
  (
    await bank.bank.rt.db<{ state: string }[]>`
      select state from know.contact where customer_id = ${elif} and action = ${PREMIER} and state in ('clicked', 'accepted', 'refused')
       order by claimed_at`
  ).map(({ state }) => state)
/** As if Premier had never been spoken of. */
async function forget(): Promise<void> {
  const { db } = bank.bank.rt
  await browsing.http.drain()
  const theirs = db`select contact_id from know.contact where customer_id = ${elif} and action = ${PREMIER}`
  await db`delete from engage.joint_acceptance where customer_id = ${elif}`
  await db`delete from know.response where customer_id = ${elif} and contact_id in (${theirs})`
  await db`delete from know.contact where customer_id = ${elif} and action = ${PREMIER}`
}
async function at(who: 'Elif' | 'Tom', view: 'App' | 'Internet bank'): Promise<Page> {
  const page = await browsing.open({ width: view === 'App' ? 'narrow' : 'wide' })
  await page.goto(url)
  await page.getByRole('button', { name: new RegExp(`^${view}.*${who}`) }).click()
  await page.getByRole('heading', { name: `Good day, ${who}` }).waitFor()
  return page
}
const toSign = (page: Page) => page.getByRole('region', { name: 'To sign together' })

describe.runIf(hasBrowser)(`what both must sign for${notRunHere}`, () => {
  test('Elif says yes in the app, Tom sees it in the internet bank and agrees, and only then it counts', async () => {
    const app = await at('Elif', 'App')
    const card = app.locator(`.clientele-card[data-action=${PREMIER}]`)
    await card.getByRole('button', { name: 'Yes, please' }).click()
    await card.getByText('It counts when the other account holder has agreed too').waitFor()
    await toSign(app).getByText('You have agreed. It counts when Tom Brandt has agreed too.').waitFor()
    expect(await toSign(app).getByRole('button').count()).toBe(0)
    expect(await stateOf()).toEqual(['clicked'])
    await browsing.shot(app, 'both-sign-app')

    const web = await at('Tom', 'Internet bank')
    await toSign(web).getByText('Elif Demir has agreed for your shared account.').waitFor()
    // Tom objected to offers: this is Elif's wish, and no offer is made to him.
    expect(await web.locator('.clientele-card[data-class=marketing]').count()).toBe(0)
    expect(await browsing.axe(web)).toEqual([])
    await browsing.shot(web, 'both-sign-web')
    await toSign(web)
      .getByRole('button', { name: /^Agree/ })
      .click()
    await web.getByText('You have both agreed, and it counts from now.').waitFor()
    expect(await stateOf()).toEqual(['accepted'])
    await app.reload()
    await app.locator('#for-you[data-asked]').waitFor({ state: 'attached' })
    await expect.poll(() => toSign(app).count(), { timeout: 20_000 }).toBe(0)
    await forget()
  })

  test('Elif says yes at the desk; it stands on both their pages, and Tom’s no ends it for both', async () => {
    const desk = await browsing.open()
    await browsing.signIn(desk, 'riya')
    await browsing.go(desk, `/know/customers/${elif}`)
    await desk.getByRole('button', { name: /^Say: Premier/ }).click()
    await desk
      .getByRole('group', { name: 'What do they say?' })
      .getByRole('button', { name: 'Yes', exact: true })
      .click()
    const waits = desk.getByRole('region', { name: 'Waits for a signature' })
    await waits.getByText('Waits for').first().waitFor()
    expect(await stateOf()).toEqual(['clicked'])
    expect(await browsing.axe(desk)).toEqual([])
    await waits.scrollIntoViewIfNeeded()
    await browsing.shot(desk, 'both-sign-desk')
    // It is the bank's record and not the talk's: it stands there for the next who opens the page.
    await desk.reload()
    await waits.getByRole('button', { name: 'Tom Brandt agrees too' }).waitFor()
    await waits.getByRole('link', { name: 'Tom Brandt' }).click()
    await desk.getByRole('heading', { name: 'Tom Brandt' }).waitFor()
    await waits.getByText('Waits for this customer:').waitFor()
    await waits.getByRole('button', { name: 'Tom Brandt says no' }).click()
    await desk.getByText('refused, for all of them').waitFor()
    await waits.waitFor({ state: 'detached' })
    expect(await stateOf()).toEqual(['refused'])
    const app = await at('Elif', 'App')
    await app.locator('#for-you[data-asked]').waitFor({ state: 'attached' })
    expect(await toSign(app).count()).toBe(0)
    await forget()
  })

  test('whoever agrees after the last day is told so, and nothing counts', async () => {
    const { body } = await call('POST', '/api/engage/inbound/ask', {
      customerId: elif,
      placement: 'branch_desk',
      action: PREMIER,
    })
    const [{ contactId }] = body.actions
    expect((await call('POST', '/api/engage/inbound/responses', { contactId, kind: 'accept' })).body).toMatchObject({
      awaiting: 'other_holders',
    })
    const web = await at('Tom', 'Internet bank')
    const agree = toSign(web).getByRole('button', { name: /^Agree/ })
    await agree.waitFor()
    await bank.bank.rt.db`
      update decide.decision
         set ranked = regexp_replace(ranked::text, '"expiresOn":"[^"]*"', '"expiresOn":"2026-03-01"', 'g')::json
       where customer_id = ${elif} and decision_id = ${body.decisionId}`
    await agree.click()
    await web.getByText('the time to agree to it has passed').waitFor()
    expect(await toSign(web).getByRole('listitem').count()).toBe(0)
    expect(await stateOf()).toEqual(['clicked'])
    const desk = await browsing.open()
    await browsing.signIn(desk, 'riya')
    await browsing.go(desk, `/know/customers/${tom}`)
    await desk.getByRole('heading', { name: 'Tom Brandt' }).waitFor()
    await desk.waitForLoadState('networkidle')
    expect(await desk.getByText('Waits for a signature').count()).toBe(0)
    await forget()
  })

  test('nothing that was opened complained', () => {
    expect(browsing.complaints()).toEqual([])
  })
})
