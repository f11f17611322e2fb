/** The guided tour from end to end: the bank's pages on one side, the console on the other, over the demo bank. */
import type { FastifyInstance } from 'fastify'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { freePort } from '#test/scratch'
import { dayOf } from '../demo/days.ts'
import { buildPages } from '../demo/pages/server.ts'
import { PEOPLE } from '../demo/showcase.ts'
import { type Riverside, riverside } from '../scenarios/traps/riverside.ts'

let bank: Riverside
let browsing: Browsing
let pages: FastifyInstance
let url: string
let here: Page
let there: Page

beforeAll(async () => {
  if (!hasBrowser) return
  const begunMs = performance.now()
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  bank = await riverside({ overrides: { http: { origins: [url] } } })
  browsing = await browse(bank.bank)
  const permissions = ['engage.inbound:token', 'engage.inbound:ask', 'engage.inbound:respond', 'know.events:create']
  pages = buildPages({
    door: { url: browsing.url, apiKey: await browsing.http.keyWith(permissions) },
    publicUrl: browsing.url,
    bank: { seed: 7, size: 1000, today: dayOf('2026-03-02'), years: 2 },
    now: () => new Date(bank.bank.clock.now().getTime() + performance.now() - begunMs),
  })
  await pages.listen({ host: '127.0.0.1', port })
  here = await browsing.open({ width: 'narrow' })
  there = await browsing.open()
  await browsing.http.person('tessa', { role: 'relationship_manager' })
  await bank.bank.rt.db`
    insert into trust.person_role (person_id, role, granted_at, granted_by)
    select person_id, 'customer_strategist', ${bank.bank.clock.now()}, 'test' from trust.person where login = 'tessa'`
  await browsing.signIn(there, 'tessa')
}, 300_000)
afterAll(async () => {
  await pages?.close()
  await browsing?.close()
  await bank?.close()
})

const step = async (button: string): Promise<void> => {
  await here.goto(`${url}/tour`)
  await here.getByRole('button', { name: button }).click()
  await here.getByRole('heading', { level: 1 }).waitFor()
}
/** Opens what the tour links to, in the console. */
const look = async (link: string): Promise<string> => {
  await here.goto(`${url}/tour`)
  const href = (await here.getByRole('link', { name: link }).getAttribute('href'))!
  await browsing.go(there, href)
  await there.waitForLoadState('networkidle')
  return (await there.locator('main').textContent()) ?? ''
}
async function until(found: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 30_000
  while (!(await found())) {
    if (performance.now() > end) throw new Error('it did not come about')
    await browsing.http.drain()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
const card = (action: string) => here.locator(`.clientele-card[data-action=${action}]`)

describe.runIf(hasBrowser)(`the guided tour${notRunHere}`, () => {
  test('begins with the pulse', async () => {
    expect(await look('Open the pulse')).not.toBe('')
  })

  test('thanks Marta, shows her whole page, and says why', async () => {
    await step('Be Marta, in the app')
    await card('loan_repaid').waitFor()
    expect(await look('Open Marta’s page')).toContain('Marta')
    expect(await look('Open the decision')).toMatch(/loan/i)
  })

  test('hears Marta’s plan', async () => {
    await step('Be Marta, with a plan')
    await here.getByLabel('Think about retirement').check()
    await here.getByRole('button', { name: 'Tell the bank' }).click()
    await here.getByText('Thank you. We know it now').waitFor()
    await until(async () => (await card('pension_talk').count()) > 0)
  })

  test('takes Jonas’s no, and his page in the console knows it', async () => {
    await step('Be Jonas, in the app')
    await card('goal_saver').getByRole('button', { name: 'No, thank you' }).click()
    await here.getByText('We will not show this for a while').waitFor()
    await browsing.go(there, `/know/customers/${await bank.idOf(PEOPLE.jonas)}`)
    await there
      .getByText(/Goal Saver/i)
      .first()
      .waitFor()
  })

  test('tells Elif of homes, and protects Henrik', async () => {
    await step('Be Elif, in the internet bank')
    await card('mortgage_meeting').waitFor()
    await step('Be Henrik, in the app')
    await card('scam_check').waitFor()
    expect(await here.locator('.clientele-card[data-class=marketing]').count()).toBe(0)
  })

  test('lets Marta decide, and the bank keeps to it', async () => {
    await step('Be Marta, in her preferences')
    await until(() => here.getByRole('switch', { name: /E-mail/ }).isEnabled())
    await here.getByRole('switch', { name: /E-mail/ }).uncheck()
    await here.getByText('E-mail: off. It holds from now.').waitFor()
    const id = await bank.idOf(PEOPLE.marta)
    const { body } = await browsing.http.call('GET', `/api/trust/consents/${id}`, { as: browsing.http.key })
    expect(body.marketing.email).toBe(false)
  })

  test('its links lead to consents and to outcomes, and to nothing that is not for who shows the bank', async () => {
    expect(await look('Open consents')).toMatch(/Marta|e-mail/i)
    expect(await look('Open outcomes')).toMatch(/Messages seen/)
    expect(await there.getByText('This page is not for your role').count()).toBe(0)
  })

  test('shows in the pulse within a second of it what a customer is shown', async () => {
    await browsing.go(there, '/learn/pulse')
    const count = () => bank.bank.rt.db<{ n: number }[]>`select count(*)::int as n from decide.decision`
    const [before] = await count()
    const shownAs = (n: number) => there.getByText(new RegExp(`Over the last hour ${n} decisions`))
    await until(async () => (await shownAs(before!.n).count()) > 0)
    await step('Be Elif, in the internet bank')
    await card('mortgage_meeting').waitFor()
    const [after] = await count()
    expect(after!.n).toBeGreaterThan(before!.n)
    await until(async () => (await shownAs(after!.n).count()) > 0)
  })

  test('when everything is stopped the bank’s pages have no message, and are the bank’s pages', async () => {
    const stopped = await browsing.http.call('POST', '/api/trust/stops', {
      as: 'dag',
      body: { scope: 'everything', reason: 'the tour shows it' },
    })
    expect(stopped.status).toBeLessThan(300)
    await until(async () => {
      await step('Be Elif, in the internet bank')
      await here.locator('#for-you[data-asked]').waitFor({ state: 'attached' })
      return here.getByText('No message for you at the moment.').isVisible()
    })
    expect(await here.locator('#held li').count()).toBe(2)
    await browsing.go(there, '/learn/pulse')
    await there
      .getByText(/stopped/i)
      .first()
      .waitFor()
  })

  test('nothing that was opened complained', () => {
    expect(browsing.complaints()).toEqual([])
  })
})
