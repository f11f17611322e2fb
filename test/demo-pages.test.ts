/** The demo bank's pages in a real browser, over the demo bank itself: what a visitor of the demonstration does and sees. */
import { AxeBuilder } from '@axe-core/playwright'
import type { FastifyInstance } from 'fastify'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DemoPost, demoPost } from '#app/demo-post'
import { chromiumPath, hasBrowser, notRunHere } from '#test/browser'
import { eventually, freePort, scratchFolder } from '#test/scratch'
import { dayOf } from '../demo/days.ts'
import { buildPages } from '../demo/pages/server.ts'
import { PEOPLE } from '../demo/showcase.ts'
import { type Riverside, riverside } from '../scenarios/traps/riverside.ts'

/** A few hundred visits until somebody takes a product: on a small machine that is minutes. */
const LONG = process.env.CLIENTELE_LONG === '1'

let bank: Riverside
let pages: FastifyInstance
let url: string
let clientele: string
let key: string
let browser: Browser
let post: DemoPost
const day = scratchFolder('riverside-day')
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
  post = demoPost(bank.bank.rt, day.path)
  pages = buildPages({
    door: { url: clientele, apiKey: key },
    publicUrl: clientele,
    bank: { seed: 7, size: 1000, today: dayOf('2026-03-02'), years: 2 },
    // The test bank's clock, going on.
    now: () => new Date(bank.bank.clock.now().getTime() + performance.now() - begunMs),
    post: { folder: day.path, carry: (name) => post.take(name) },
  })
  await pages.listen({ host: '127.0.0.1', port })
  browser = await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox'] })
}, 240_000)
afterAll(async () => {
  for (const context of contexts) await context.close()
  await browser?.close()
  await pages?.close()
  await post?.close()
  await bank?.close()
  day.remove()
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
async function until(found: () => Promise<boolean>, timeoutMs = 30_000): Promise<void> {
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
  test('each of the four has a message of their own in the app and in the internet bank', async () => {
    const words = { Marta: 'your last loan payment arrived on', Elif: 'looking for a home', Henrik: 'Was it you' }
    for (const [who, said] of Object.entries(words))
      for (const view of ['App', 'Internet bank'] as const) {
        const page = await signedIn(who, view)
        const card = page.locator('.clientele-card').first()
        await card.waitFor()
        expect(await card.locator('.clientele-text').first().textContent(), `${who}, ${view}`).toMatch(
          new RegExp(`^${who}, .*${said}`),
        )
        expect(await card.locator('.clientele-subject').textContent()).toMatch(/\w+/)
      }
    const jonas = await signedIn('Jonas', 'Internet bank')
    await jonas.locator('.clientele-card[data-action=goal_saver]').waitFor()
    expect((await texts(jonas)).join(' ')).toMatch(/^Jonas, you put money aside \d+ times in the last three months/)
  })

  test('Marta is thanked for her last instalment, sees her accounts, and is sold nothing with it', async () => {
    const page = await signedIn('Marta', 'App')
    await page.locator('.clientele-card').first().waitFor()
    expect((await texts(page)).join(' ')).toContain('your last loan payment arrived')
    // Thanks are acknowledged or hidden; there is nothing in them to refuse.
    const answers = page.locator('.clientele-card').first().getByRole('button')
    expect(await answers.allTextContents()).toEqual(['All right', 'Hide for now'])
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
    expect(await stateOf(PEOPLE.jonas, 'goal_saver')).toContain('refused')
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
    expect((await stateOf(PEOPLE.elif, 'mortgage_meeting')).join()).toMatch(/accepted|clicked/)
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

  test('without a connection the page says so, keeps the answer, and sends it when there is one again', async () => {
    const page = await signedIn('Elif', 'App')
    const card = page.locator('.clientele-card').first()
    await card.waitFor()
    await page.context().setOffline(true)
    await page.getByText('There is no connection. What you see is from before').waitFor()
    await card.getByRole('button', { name: /Not now|Later|Hide for now/ }).click()
    await card.getByText('your answer is sent as soon as there is').waitFor()
    await page.context().setOffline(false)
    await until(async () => (await page.locator('#offline').textContent()) === '', 30_000)
    await until(
      async () =>
        (
          await bank.bank.rt.db`
            select from know.response where customer_id = ${await bank.idOf(PEOPLE.elif)} and kind = 'not_now'`
        ).length > 0,
      30_000,
    )
  })

  test('what cannot be understood is refused, and nothing of the machine is told', async () => {
    const sent = (payload: string, type = 'application/json') =>
      pages.inject({
        method: 'POST',
        url: '/live',
        headers: { host: new URL(url).host, origin: url, 'content-type': type },
        payload,
      })
    for (const [payload, type] of [
      ['{"speed":', 'application/json'],
      ['<speed>600</speed>', 'text/xml'],
      [`{"speed":${'9'.repeat(20_000)}}`, 'application/json'],
      ['{"speed":"601"}', 'application/json'],
    ] as const) {
      const answer = await sent(payload, type)
      expect(answer.statusCode, payload.slice(0, 20)).toBeGreaterThanOrEqual(400)
      expect(answer.statusCode, payload.slice(0, 20)).toBeLessThan(500)
      expect(answer.body).not.toMatch(/node_modules|\.ts:| {4}at /)
    }
  })

  test('the tour leads through both, and remembers which steps were taken', async () => {
    const page = await window_()
    await page.goto(`${url}/tour`)
    const steps = page.locator('.tour > li')
    expect(await steps.count()).toBe(10)
    await page.getByRole('button', { name: 'Be Marta, in the app' }).click()
    await page.locator('.clientele-card').first().waitFor()
    await page.getByRole('link', { name: 'Guided tour and live traffic' }).click()
    await expect
      .poll(() => page.getByLabel('Done: Marta has repaid her loan').isChecked(), { timeout: 30_000 })
      .toBe(true)
    const id = await bank.idOf(PEOPLE.marta)
    expect(await page.getByRole('link', { name: 'Open Marta’s page' }).getAttribute('href')).toBe(
      `${clientele}/know/customers/${id}`,
    )
    expect(await page.getByRole('link', { name: 'Open the decision' }).getAttribute('href')).toMatch(
      /\/decide\/decisions\/[0-9a-f-]{36}$/,
    )
  })

  test('what a customer says yes to is opened by the core, comes in with its files, and stands among the accounts', async () => {
    const page = await signedIn('Marta', 'App')
    const say = (action: unknown) =>
      page.request.post(`${url}/opened`, { data: { action }, headers: { origin: url } }).then((answer) => answer.json())
    expect(await say('easy_saver')).toEqual({ opened: 'Easy Saver' })
    expect(await say('easy_saver')).toEqual({ opened: null })
    expect(await say('mortgage_meeting')).toEqual({ opened: null })
    expect(await say(['__proto__'])).toEqual({ opened: null })
    // Credit is asked for, and never opened by what a page says.
    for (const credit of ['personal_loan', 'premium_card']) expect(await say(credit)).toEqual({ opened: null })
    const held = await eventually(async () => {
      const found = await bank.bank.rt.db<{ product: string; opened: string; balance: number }[]>`
        select product, opened_on::text as opened, balance_minor::int as balance from know.holding
         where customer_id = ${await bank.idOf(PEOPLE.marta)} and product = 'easy_saver'`
      if (found.length === 0) throw new Error('it has not come in')
      return found
    })
    expect(held).toEqual([{ product: 'easy_saver', opened: '2026-03-02', balance: 0 }])
    await page.reload()
    await page.locator('#held li', { hasText: 'Easy Saver' }).getByText('opened today').waitFor()
    await eventually(async () => {
      const [feed] = await bank.bank.rt.db<{ state: string; rows: number }[]>`
        select state, rows_applied::int as rows from know.feed where source = 'roles' order by feed_id desc limit 1`
      expect(feed).toEqual({ state: 'applied', rows: 1 })
      return true
    })
  })

  test('live traffic runs on its own clock, is bounded, and stops when told', async () => {
    const page = await window_()
    await page.goto(`${url}/tour`)
    await page.getByLabel('Speed').selectOption('600')
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByText('Running.').waitFor()
    await until(async () => Number((await page.locator('#visits').textContent())?.replace(/\D/g, '')) >= 3)
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('Stopped.').waitFor()
    const status = (await (await fetch(`${url}/live`)).json()) as { running: boolean; failed: number; visits: number }
    expect(status).toMatchObject({ running: false, failed: 0 })
    await page.waitForTimeout(600)
    const later = (await (await fetch(`${url}/live`)).json()) as { visits: number }
    expect(later.visits - status.visits).toBeLessThanOrEqual(6)
  })

  test.runIf(LONG)(
    'what customers agree to in live traffic is opened by the core, comes in with its files and moves the outcomes',
    async () => {
      const folder = scratchFolder('riverside-live')
      const theirs = demoPost(bank.bank.rt, folder.path)
      // Their clock is the bank's, moved on as fast as visits are answered: no machine is too slow for it.
      const living = buildPages({
        door: { url: clientele, apiKey: key },
        publicUrl: clientele,
        bank: { seed: 7, size: 1000, today: dayOf('2026-03-02'), years: 2 },
        now: () => bank.bank.clock.now(),
        post: { folder: folder.path, carry: (name) => theirs.take(name) },
      })
      const live = async (body?: object) =>
        (
          await living.inject({
            method: body ? 'POST' : 'GET',
            url: '/live',
            headers: { host: '127.0.0.1', origin: 'http://127.0.0.1' },
            ...(body ? { payload: body } : {}),
          })
        ).json() as {
          visits: number
          shown: number
          accepted: number
          opened: number
          failed: number
          running: boolean
        }
      const inOutcomes = async (): Promise<number> => {
        const { body } = await bank.http.call('GET', '/api/learn/outcomes/lift', { as: 'sofia' })
        const lines = body.lines as { outcome: string; soFar: Record<'treated' | 'control', { successes: number }> }[]
        return lines
          .filter(({ outcome }) => /_(opened|bought|begun|issued)$/.test(outcome) && outcome !== 'app_opened')
          .reduce((all, { soFar }) => all + soFar.treated.successes + soFar.control.successes, 0)
      }
      try {
        const before = await inOutcomes()
        expect(await live({ speed: 600 })).toMatchObject({ running: true })
        let [looked, seen, still] = [0, 0, 0]
        await eventually(async () => {
          const { visits, opened, running } = await live()
          // At night nobody comes: then it goes on too.
          still = visits > seen ? 0 : still + 1
          if (still === 0 || still > 3) bank.bank.clock.advanceMs(500)
          seen = visits
          expect(running).toBe(true)
          // The report may be asked for sixty times in a minute.
          if (opened === 0 || visits - looked < 100) return false
          looked = visits
          await bank.http.drain()
          return (await inOutcomes()) > before
        }, 500_000)
        const { visits, shown, accepted, opened, failed } = await live({})
        expect(failed).toBe(0)
        // As the hidden wishes have it: most see and pass on, few take what is offered.
        expect(accepted / shown).toBeLessThan(0.4)
        expect(opened / visits).toBeLessThan(0.05)
      } finally {
        await living.close()
        await theirs.close()
        folder.remove()
      }
    },
    600_000,
  )

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

  test('a name of somebody else’s that leads to this machine is refused, and nobody is sent elsewhere by a sign-in', async () => {
    const port = new URL(url).port
    const asked = await pages.inject({ url: '/', headers: { host: `evil.example:${port}` } })
    expect(asked.statusCode).toBe(421)
    const evil = { host: `evil.example:${port}`, origin: `http://evil.example:${port}` }
    expect(
      (await pages.inject({ method: 'POST', url: '/live', headers: evil, payload: { speed: 600 } })).statusCode,
    ).toBe(421)
    for (const to of ['//evil.example', 'https://evil.example', '/\\evil.example', 'overview']) {
      const answer = await pages.inject({
        method: 'POST',
        url: '/sign-in',
        headers: { host: new URL(url).host, origin: url, 'content-type': 'application/x-www-form-urlencoded' },
        payload: `who=jonas&to=${encodeURIComponent(to)}`,
      })
      expect([answer.statusCode, answer.headers.location]).toEqual([303, '/overview'])
    }
    for (const who of ['__proto__', 'constructor', 'lea', '']) {
      const answer = await pages.inject({
        method: 'POST',
        url: '/sign-in',
        headers: { host: new URL(url).host, origin: url, 'content-type': 'application/x-www-form-urlencoded' },
        payload: `who=${who}`,
      })
      expect([answer.headers.location, answer.headers['set-cookie']]).toEqual(['/', undefined])
    }
  })

  test('no page of the bank can be put into the frame of another, nor opened by one that keeps hold of it', async () => {
    for (const path of ['/', '/tour', '/nowhere', '/assets/bank.js']) {
      const { headers } = await fetch(`${url}${path}`)
      expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'")
      expect(headers.get('x-frame-options'), path).toBe('DENY')
      expect(headers.get('cross-origin-opener-policy'), path).toBe('same-origin')
    }
    const page = await window_()
    await page.setContent(`<iframe src="${url}/tour"></iframe>`)
    await eventually(() => page.complaints.some((one) => /frame-ancestors|X-Frame-Options/i.test(one)))
    expect(
      await page
        .frameLocator('iframe')
        .getByRole('heading', { name: /Guided tour/ })
        .count(),
    ).toBe(0)
  })

  test('a session that nobody was given, or that has ended, is nobody’s', async () => {
    for (const cookie of [`riverside_session=${'a'.repeat(32)}`, 'riverside_session=', 'riverside_session=../../x']) {
      const headers = { cookie, origin: url }
      expect((await fetch(`${url}/token`, { method: 'POST', headers })).status, cookie).toBe(401)
      expect((await fetch(`${url}/overview`, { headers: { cookie }, redirect: 'manual' })).status).toBe(303)
    }
    const page = await signedIn('Henrik', 'App')
    const { name, value } = (await page.context().cookies())[0]!
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Who are you today?' }).waitFor()
    const again = await fetch(`${url}/token`, { method: 'POST', headers: { cookie: `${name}=${value}`, origin: url } })
    expect(again.status).toBe(401)
  })

  test('who signs in as somebody else at one browser ends the session before, and keeps nobody’s token', async () => {
    const page = await signedIn('Marta', 'App')
    const before = (await page.context().cookies()).find(({ name }) => name === 'riverside_session')!
    const token = async (cookie: string) =>
      fetch(`${url}/token`, { method: 'POST', headers: { cookie: `riverside_session=${cookie}`, origin: url } })
    expect((await token(before.value)).status).toBe(200)
    await signedIn('Jonas', 'App', page)
    expect((await token(before.value)).status).toBe(401)
    const after = (await page.context().cookies()).find(({ name }) => name === 'riverside_session')!
    const { customerId } = (await (await token(after.value)).json()) as { customerId: number }
    expect(customerId).toBe(await bank.idOf(PEOPLE.jonas))
    // A longer name that begins like somebody's is nobody's.
    expect((await token(`${after.value}x`)).status).toBe(401)
    // What the one was shown is not shown to the other, and cannot be answered with the other's token.
    expect((await texts(page)).join(' ')).not.toContain('Marta')
  })

  test('a customer’s own token answers for no other customer’s message, and an answer given twice counts once', async () => {
    const elif = await signedIn('Elif', 'App')
    const card = elif.locator('.clientele-card').first()
    await card.waitFor()
    const [theirs] = await bank.bank.rt.db<{ contactId: string; state: string; id: number }[]>`
      select contact_id as "contactId", state, customer_id::int as id from know.contact
       where customer_id = ${await bank.idOf(PEOPLE.henrik)} order by claimed_at desc limit 1`
    const { token } = (await (await elif.request.post(`${url}/token`, { headers: { origin: url } })).json()) as {
      token: string
    }
    const say = (as: string, body: object, key: string) =>
      fetch(`${clientele}/api/engage/inbound/mine/responses`, {
        method: 'POST',
        headers: { authorization: `Bearer ${as}`, origin: url, 'content-type': 'application/json' },
        body: JSON.stringify({ ...body, key }),
      })
    const other = await say(token, { contactId: theirs!.contactId, kind: 'accept' }, 'k-other')
    expect(other.status).toBe(404)
    for (const kind of ['accept', 'refuse']) {
      const signed = await fetch(`${clientele}/api/engage/inbound/mine/agreements`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, origin: url, 'content-type': 'application/json' },
        body: JSON.stringify({ contactId: theirs!.contactId, kind }),
      })
      expect(signed.status).toBe(404)
    }
    const [after] = await bank.bank.rt.db<{ state: string }[]>`
      select state from know.contact where customer_id = ${theirs!.id} and contact_id = ${theirs!.contactId}`
    expect(after!.state).toBe(theirs!.state)
    const forged = `${token.slice(0, -6)}${token.at(-1) === 'A' ? 'BBBBBB' : 'AAAAAA'}`
    expect((await say(forged, { contactId: theirs!.contactId, kind: 'accept' }, 'k-forged')).status).toBe(401)
    const [own] = await bank.bank.rt.db<{ contactId: string }[]>`
      select contact_id as "contactId" from know.contact
       where customer_id = ${await bank.idOf(PEOPLE.elif)} and channel = 'app' order by claimed_at desc limit 1`
    const once = await say(token, { contactId: own!.contactId, kind: 'not_now' }, 'k-once')
    const twice = await say(token, { contactId: own!.contactId, kind: 'not_now' }, 'k-once')
    expect([once.status, twice.status]).toEqual([once.status, once.status])
    expect(await twice.json()).toMatchObject({ contactId: own!.contactId, state: 'deferred', repeated: true })
    expect((await say(token, { contactId: own!.contactId, kind: 'accept' }, 'k-once')).status).toBe(422)
    const [said] = await bank.bank.rt.db<{ times: number }[]>`
      select count(*)::int as times from know.response where contact_id = ${own!.contactId} and kind = 'not_now'`
    expect(said!.times).toBe(1)
  })

  test('a script in a customer’s name stands there in letters, in the app and in the internet bank', async () => {
    const nasty = '<img src=x onerror="window.hacked=1">'
    const { rt } = bank.bank
    const id = await bank.idOf(PEOPLE.henrik)
    await rt.db`update know.customer set given_name = ${nasty} where customer_id = ${id}`
    try {
      for (const view of ['App', 'Internet bank'] as const) {
        const page = await signedIn('Henrik', view)
        const card = page.locator('.clientele-card').first()
        await card.waitFor()
        expect(await card.locator('.clientele-text').first().textContent()).toContain(nasty)
        expect(await card.locator('img, script').count()).toBe(0)
        expect(await page.evaluate("'hacked' in globalThis")).toBe(false)
        expect(page.complaints).toEqual([])
      }
    } finally {
      await rt.db`update know.customer set given_name = 'Henrik' where customer_id = ${id}`
    }
  })
})
