/** The demo bank's pages in a real browser, over the demo bank itself: what a visitor of the demonstration does and sees. */
import { AxeBuilder } from '@axe-core/playwright'
import type { FastifyInstance } from 'fastify'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, hasBrowser, notRunHere } from '#test/browser'
import { freePort } from '#test/scratch'
import { dayOf } from '../demo/days.ts'
import { buildPages } from '../demo/pages/server.ts'
import { PEOPLE } from '../demo/showcase.ts'
import { type Riverside, riverside } from '../scenarios/traps/riverside.ts'

let bank: Riverside
let pages: FastifyInstance
let url: string
let clientele: string
let key: string
let browser: Browser
const contexts: BrowserContext[] = []

beforeAll(async () => {
  if (!hasBrowser) return
  const begunMs = performance.now()
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  bank = await riverside({ overrides: { http: { origins: [url] } } })
  clientele = await bank.http.app.listen({ host: '127.0.0.1', port: 0 })
  key = await bank.http.keyWith([
    'engage.inbound:token',
    'engage.inbound:ask',
    'engage.inbound:respond',
    'know.events:create',
  ])
  pages = buildPages({
    door: { url: clientele, apiKey: key },
    publicUrl: clientele,
    bank: { seed: 7, size: 1000, today: dayOf('2026-03-02'), years: 2 },
    // The test bank's clock, going on.
    now: () => new Date(bank.bank.clock.now().getTime() + performance.now() - begunMs),
  })
  await pages.listen({ host: '127.0.0.1', port })
  browser = await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox'] })
}, 240_000)
afterAll(async () => {
  for (const context of contexts) await context.close()
  await browser?.close()
  await pages?.close()
  await bank?.close()
})

type Seen = Page & { complaints: string[] }

async function window_(width = 1280, colorScheme: 'light' | 'dark' = 'light'): Promise<Seen> {
  const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme })
  contexts.push(context)
  const page = (await context.newPage()) as Seen
  page.complaints = []
  page.on('console', (message) => {
    if (message.type() === 'error') page.complaints.push(message.text())
  })
  page.on('pageerror', (error) => page.complaints.push(String(error)))
  return page
}

async function signedIn(who: string, view: 'Internet bank' | 'App', page?: Seen): Promise<Seen> {
  const to = page ?? (await window_(view === 'App' ? 390 : 1280))
  await to.goto(url)
  await to.getByRole('button', { name: new RegExp(`^${view}.*${who}`) }).click()
  await to.getByRole('heading', { name: `Good day, ${who}` }).waitFor()
  return to
}

const texts = (page: Page): Promise<string[]> => page.locator('.clientele-text').allTextContents()
async function until(found: () => Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const end = performance.now() + timeoutMs
  while (!(await found())) {
    if (performance.now() > end) throw new Error('it did not come about')
    await new Promise((resolve) => setTimeout(resolve, 50))
    await bank.http.drain()
  }
}
const stateOf = async (externalId: string, action: string): Promise<string[]> =>
  (
    await bank.bank.rt.db<{ state: string }[]>`
      select state from know.contact where customer_id = ${await bank.idOf(externalId)} and action = ${action}
       order by claimed_at`
  ).map(({ state }) => state)

describe.runIf(hasBrowser)(`the demo bank’s pages${notRunHere}`, () => {
  test('Marta is thanked for her last instalment, sees her accounts, and is sold nothing with it', async () => {
    const page = await signedIn('Marta', 'App')
    await page.locator('.clientele-card').first().waitFor()
    expect((await texts(page)).join(' ')).toContain('your last loan payment arrived')
    await page.getByText('Personal loan').first().waitFor()
    expect(await page.locator('tbody tr').count()).toBe(14)
    expect(page.complaints).toEqual([])
  })

  test('Marta tells of a plan, and what she is shown follows from it within seconds', async () => {
    const page = await signedIn('Marta', 'App')
    await page.getByRole('link', { name: 'Your plans' }).click()
    await page.getByLabel('Think about retirement').check()
    expect(await page.getByLabel('By when?').isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Tell the bank' }).click()
    await page.getByText('Thank you. We know it now').waitFor()
    await bank.http.drain()
    await until(async () => (await texts(page)).join(' ').includes('how much will there be each month'))
    expect(page.complaints).toEqual([])
  })

  test('Jonas says no in the app by keyboard alone, and it is gone in the internet bank', async () => {
    const page = await signedIn('Jonas', 'App')
    const card = page.locator('.clientele-card[data-action=goal_saver]')
    await card.waitFor()
    await page.keyboard.press('Tab')
    for (let tabs = 0; tabs < 40; tabs++) {
      if ((await page.evaluate('document.activeElement.textContent')) === 'No, thank you') break
      await page.keyboard.press('Tab')
    }
    await page.keyboard.press('Enter')
    await page.getByText('We will not show this for a while').waitFor()
    expect((await stateOf(PEOPLE.jonas, 'goal_saver')).at(-1)).toBe('refused')
    const web = await signedIn('Jonas', 'Internet bank')
    await web.waitForTimeout(800)
    expect((await texts(web)).join(' ')).not.toContain('Goal Saver')
  })

  test('Elif hears of buying a home; whoever says yes is known to have', async () => {
    const page = await signedIn('Elif', 'Internet bank')
    await page.locator('.clientele-card[data-action=mortgage_meeting]').waitFor()
    await page.getByText('with Tom').waitFor()
    await page.getByRole('button', { name: 'Yes, please' }).click()
    await page.getByText(/Thank you/).waitFor()
    expect((await stateOf(PEOPLE.elif, 'mortgage_meeting')).at(-1)).toMatch(/accepted|clicked/)
  })

  test('Henrik is asked about the odd payment, and is sold nothing', async () => {
    const page = await signedIn('Henrik', 'App')
    await page.locator('.clientele-card').first().waitFor()
    expect(await page.locator('.clientele-card[data-class=marketing]').count()).toBe(0)
    expect((await texts(page)).join(' ')).toContain('Was it you')
  })

  test('Marta takes back e-mail and then all offers: it holds in the answer, and switches say what holds', async () => {
    const page = await signedIn('Marta', 'Internet bank')
    await page.getByRole('link', { name: 'Preferences' }).click()
    const email = page.getByRole('switch', { name: /E-mail/ })
    await until(() => email.isEnabled())
    expect(await email.isChecked()).toBe(true)
    await email.uncheck()
    await page.getByText('E-mail: off. It holds from now.').waitFor()
    const { body } = await bank.http.call('GET', `/api/trust/consents/${await bank.idOf(PEOPLE.marta)}`, {
      as: bank.http.key,
    })
    expect(body.marketing).toMatchObject({ email: false, sms: true })
    await page.getByRole('switch', { name: /Offers at all/ }).uncheck()
    await page.getByText('Offers at all: off').waitFor()
    expect(await page.getByRole('switch', { name: /Text message/ }).isDisabled()).toBe(true)
    await page.getByRole('switch', { name: /Offers at all/ }).check()
    await page.getByText('Offers at all: on').waitFor()
    expect(await email.isChecked()).toBe(false)
    expect(page.complaints).toEqual([])
  })

  test('when Clientele is away the bank’s pages are still the bank’s pages', async () => {
    const page = await window_()
    await page.route(`${clientele}/**`, (route) => route.abort())
    await signedIn('Henrik', 'Internet bank', page)
    await page.getByText('Easy Saver').first().waitFor()
    await page.goto(`${url}/preferences`)
    await page.getByText('cannot be shown or changed just now').waitFor()
  })

  test('the tour leads through both, and remembers which steps were taken', async () => {
    const page = await window_()
    await page.goto(`${url}/tour`)
    const steps = page.locator('.tour > li')
    expect(await steps.count()).toBe(10)
    await page.getByRole('button', { name: 'Be Marta, in the app' }).click()
    await page.locator('.clientele-card').first().waitFor()
    await page.getByRole('link', { name: 'Guided tour and live traffic' }).click()
    expect(await page.getByLabel('Done: Marta has repaid her loan').isChecked()).toBe(true)
    const id = await bank.idOf(PEOPLE.marta)
    expect(await page.getByRole('link', { name: 'Open Marta’s page' }).getAttribute('href')).toBe(
      `${clientele}/know/customers/${id}`,
    )
    expect(await page.getByRole('link', { name: 'Open the decision' }).getAttribute('href')).toMatch(
      /\/decide\/decisions\/[0-9a-f-]{36}$/,
    )
  })

  test('live traffic runs on its own clock, is bounded, and stops when told', async () => {
    const page = await window_()
    await page.goto(`${url}/tour`)
    await page.getByLabel('Speed').selectOption('600')
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByText('Running.').waitFor()
    await until(async () => Number((await page.locator('#visits').textContent())?.replace(/\D/g, '')) >= 3, 20_000)
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('Stopped.').waitFor()
    const status = (await (await fetch(`${url}/live`)).json()) as { running: boolean; failed: number; visits: number }
    expect(status).toMatchObject({ running: false, failed: 0 })
    await page.waitForTimeout(600)
    const later = (await (await fetch(`${url}/live`)).json()) as { visits: number }
    expect(later.visits - status.visits).toBeLessThanOrEqual(6)
  })

  test('nothing wrong is found by axe, nothing is wider than the window, in light and dark, wide and narrow', async () => {
    const found: string[] = []
    for (const width of [1440, 390])
      for (const scheme of ['light', 'dark'] as const) {
        const page = await window_(width, scheme)
        const all = (width === 1440) === (scheme === 'light')
        const paths = all ? ['/', '/tour', '/nowhere', '/overview', '/plans', '/preferences'] : ['/tour', '/overview']
        for (const path of paths) {
          if (path === '/overview') await signedIn('Elif', width === 390 ? 'App' : 'Internet bank', page)
          else await page.goto(`${url}${path}`)
          await page.waitForTimeout(300)
          const where = `${path} ${width} ${scheme}`
          const { violations } = await new AxeBuilder({ page }).analyze()
          found.push(...violations.map(({ id, nodes }) => `${where}: ${id} ${nodes[0]?.html.slice(0, 120)}`))
          const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
          if (wide > 0) found.push(`${where}: ${wide} px wider than the window`)
        }
        await page.context().close()
      }
    expect(found).toEqual([])
  }, 180_000)

  test('the key stays in the bank’s own process, and no other site can act on these pages', async () => {
    const page = await signedIn('Elif', 'Internet bank')
    const bodies: string[] = []
    for (const path of ['/', '/overview', '/tour', '/live', '/assets/bank.js', '/assets/tour.js'])
      bodies.push(await (await page.request.get(`${url}${path}`)).text())
    expect(bodies.join('')).not.toContain(key)
    for (const path of ['/sign-in', '/token', '/live', '/sign-out']) {
      const answer = await fetch(`${url}${path}`, { method: 'POST', headers: { origin: 'https://evil.example' } })
      expect(answer.status, path).toBe(403)
      expect((await fetch(`${url}${path}`, { method: 'POST' })).status, path).toBe(403)
    }
    expect((await fetch(`${url}/token`, { method: 'POST', headers: { origin: url } })).status).toBe(401)
    const { headers } = await fetch(url)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  })
})
