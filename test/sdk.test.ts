/** The script on a bank's page in a real browser: what the customer sees, what the bank learns, and what never happens. */
import { createServer, type Server } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildApp } from '#app/server'
import { chromiumPath, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { freePort } from '#test/scratch'
import { smallPlaybook } from '#test/small-playbook'
import { createKey, systemActor } from '#trust/access'

const GZIP_BYTES_MAX = 8192
const NASTY = '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">'
const HTML = (
  clientele: string,
): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bank</title>
<link rel="icon" href="data:,"><script src="${clientele}/sdk/clientele.js" defer></script><script src="/page.js" defer></script></head>
<body><h1>Your accounts</h1><div id="above"></div><section id="here" aria-label="For you"></section></body></html>`
const SCRIPT = (clientele: string): string => `
const who = new URLSearchParams(location.search)
window.errors = []
const getToken = () => fetch('/token?customer=' + who.get('customer'), { method: 'POST' }).then((r) => r.json())
if (who.has('below')) document.getElementById('above').classList.add('tall')
window.clientele = Clientele.start({ url: '${clientele}', getToken, onError: (e) => errors.push(e.code) })
window.shown = clientele.placement(who.get('placement') || 'app_home', who.has('data') ? (c) => { window.contents = c } : document.getElementById('here'))
`
const CSS = 'body{margin:0} .tall{height:3000px} .clientele-card{height:400px}'

let bank: TestBank
let app: FastifyInstance
let clientele: string
let pages: Server
let url: string
let browser: Browser
let context: BrowserContext
let tokensGiven = 0
beforeAll(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  bank = await testBank({ overrides: { http: { origins: [url] } } })
  app = buildApp(bank.rt, { checkReplies: true, limitRates: false })
  clientele = await app.listen({ host: '127.0.0.1', port: 0 })
  const { documents } = await smallPlaybook((all) =>
    all
      .filter((one) => one.kind !== 'experiment')
      .map((one) =>
        one.kind === 'treatment' && one.id === 'goal_saver_app'
          ? { ...one, text: { en: `Hello. Save a little. ${NASTY}\n\nAt 1.75 %.` }, subject: { en: `A goal ${NASTY}` } }
          : one,
      ),
  )
  await runPlaybook(bank.rt, [
    ...[...documents.values()].flatMap((ofKind) => [...ofKind.values()]),
    { kind: 'placement', id: 'app_home', title: 'The app’s home', channel: 'app', actionsMax: 3 },
  ])
  const { db } = bank.rt
  await db`insert into know.customer (customer_id, birth_on, branch_code, source)
           select n, '1990-05-05', '0017', 'test' from generate_series(1, 30) n`
  await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
           select n, n, 'everyday', 'EUR', '2020-01-01', '{"small_savings": 4, "surplus": 9000}' from generate_series(1, 30) n`
  await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
           select n, n, 'owner', 'sole', 10000, '2020-01-01', n from generate_series(1, 30) n`
  const permissions = ['engage.inbound:token']
  const { key } = await createKey(bank.rt, { title: 'internet bank', permissions }, systemActor('test'))
  pages = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, url)
    const send = (type: string, text: string): void => {
      response.writeHead(200, {
        'content-type': type,
        'content-security-policy': `default-src 'none'; script-src 'self' ${clientele}; connect-src 'self' ${clientele}; style-src 'self'; img-src 'self' data:; require-trusted-types-for 'script'; trusted-types 'none'`,
      })
      response.end(text)
    }
    if (pathname === '/page.js') return send('text/javascript', SCRIPT(clientele))
    if (pathname === '/page.css') return send('text/css', CSS)
    if (pathname !== '/token')
      return send('text/html', HTML(clientele).replace('</head>', '<link rel="stylesheet" href="/page.css"></head>'))
    tokensGiven++
    fetch(`${clientele}/api/engage/inbound/tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ customerId: Number(searchParams.get('customer')), origin: url, channel: 'app' }),
    })
      .then((answer) => answer.text())
      .then((text) => send('application/json', text))
  })
  await new Promise<void>((resolve) => pages.listen(port, '127.0.0.1', resolve))
  if (hasBrowser)
    browser = await chromium.launch({
      executablePath: chromiumPath!,
      args: ['--no-sandbox'],
    })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  pages?.close()
  await app?.close()
  await bank?.close()
})
beforeEach(async () => {
  if (hasBrowser) context = await browser.newContext({ viewport: { width: 800, height: 600 } })
})
afterEach(() => context?.close())

interface Opened extends Page {
  complaints: string[]
}
async function open(query: string): Promise<Opened> {
  const page = (await context.newPage()) as Opened
  page.complaints = []
  page.on('console', (message) => {
    if (message.type() === 'error') page.complaints.push(message.text())
  })
  page.on('pageerror', (error) => page.complaints.push(String(error)))
  await page.goto(`${url}/?${query}`)
  return page
}

const said = async (customerId: number): Promise<string[]> =>
  (
    await bank.rt.db<{ kind: string }[]>`
      select kind from know.response where customer_id = ${customerId} order by version`
  ).map(({ kind }) => kind)
async function until(found: () => Promise<boolean>, timeoutMs = 8000): Promise<void> {
  const end = performance.now() + timeoutMs
  while (!(await found())) {
    if (performance.now() > end) throw new Error('it did not come about')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe.runIf(hasBrowser)(`what a customer sees${notRunHere}`, () => {
  test('is text: a stored script stands there in letters, under a content policy that allows nothing', async () => {
    const page = await open('customer=1')
    const card = page.locator('.clientele-card')
    await card.waitFor()
    expect(await card.locator('.clientele-subject').textContent()).toBe(`A goal ${NASTY}`)
    expect(await card.locator('.clientele-text').first().textContent()).toContain(NASTY)
    expect(await card.locator('script, img').count()).toBe(0)
    expect(await page.evaluate("'hacked' in globalThis")).toBe(false)
    expect(await card.getAttribute('lang')).toBe('en')
    expect(page.complaints).toEqual([])
  })

  test('is handed over as data when the page wants to show it by itself', async () => {
    const page = await open('customer=2&data')
    await until(() => page.evaluate<boolean>('!!window.contents'))
    const [content] = (await page.evaluate('contents.map(({ action, offer, text }) => ({ action, offer, text }))')) as [
      { action: string; offer: { rateBp: number } },
    ]
    expect(content).toMatchObject({ action: 'goal_saver', offer: { rateBp: 175 } })
    await page.evaluate("contents[0].watch(document.querySelector('h1'))")
    await until(async () => (await said(2)).includes('impression'))
  })

  test('leads only to the bank’s own pages, whatever came over the wire', async () => {
    const page = await context.newPage()
    await page.route('**/mine/placements', async (route) => {
      const answer = await route.fetch()
      const body = await answer.json()
      const link = (href: string) => ({
        ...body.contents[0],
        link: { href, label: 'More' },
        image: { src: href, alt: '' },
      })
      body.contents = [
        ...[
          'javascript:hacked=1',
          'https://evil.example/',
          'data:text/html,x',
          'http://evil.example',
          '//evil.example',
        ].map(link),
        link('/savings'),
      ]
      await route.fulfill({ response: answer, json: body })
    })
    await page.goto(`${url}/?customer=3`)
    await page.locator('.clientele-card').first().waitFor()
    expect(await page.locator('.clientele-card').count()).toBe(6)
    expect(
      await page.locator('.clientele-link').evaluateAll((all) => all.map((one) => one.getAttribute('href'))),
    ).toEqual([`${url}/savings`])
    expect(await page.locator('.clientele-image').count()).toBe(1)
  })
})

describe.runIf(hasBrowser)(`an impression${notRunHere}`, () => {
  test('is told when half of it was there for a second, on a page in front, and not before', async () => {
    const page = await open('customer=4&below')
    await page.locator('.clientele-card').waitFor()
    await wait(1500)
    expect(await said(4)).toEqual([])
    const card = page.locator('.clientele-card')
    const top = async (px: number): Promise<void> => {
      const { y } = (await card.boundingBox())!
      await page.mouse.wheel(0, y - px)
    }
    // A third of it, for long.
    await top(600 - 130)
    await wait(1500)
    expect(await said(4)).toEqual([])
    // The whole of it, for a moment.
    await top(100)
    await wait(500)
    await page.mouse.wheel(0, -3000)
    await wait(1200)
    expect(await said(4)).toEqual([])
    await top(100)
    await until(async () => (await said(4)).includes('impression'))
    await page.mouse.wheel(0, -3000)
    await top(100)
    await wait(1500)
    expect(await said(4)).toEqual(['impression'])
  })
})

describe.runIf(hasBrowser)(`an answer${notRunHere}`, () => {
  test('is given by keyboard, thanked for where one stands, and known at the bank and in every other tab', async () => {
    const page = await open('customer=5')
    const other = await open('customer=5')
    await other.locator('.clientele-card').waitFor()
    await page.bringToFront()
    await page.evaluate(
      "document.getElementById('here').addEventListener('clientele:answer', ({ detail }) => { window.answered = detail })",
    )
    await page.locator('.clientele-accept').focus()
    await page.keyboard.press('Enter')
    await page.getByText('Thank you. We have your answer.').waitFor()
    expect(await page.evaluate('document.activeElement.className')).toBe('clientele-said')
    expect(await page.evaluate('answered')).toMatchObject({ answer: 'accept', action: 'goal_saver', sent: true })
    expect(await said(5)).toContain('accept')
    await other.locator('.clientele-card').waitFor({ state: 'detached' })
    expect(page.complaints).toEqual([])
  })

  test('is kept without a connection, also when the page is left, and arrives once and in order', async () => {
    const page = await open('customer=6')
    await page.locator('.clientele-card').waitFor()
    await until(async () => (await said(6)).includes('impression'))
    await context.setOffline(true)
    await page.locator('.clientele-not_now').click()
    await page.getByText('There is no connection').waitFor()
    await page.evaluate("void clientele.tell({ plan: 'home', byOn: '2027-05-01' })")
    await until(async () => (await page.evaluate('clientele.waiting()')) === 2)
    await page.close()
    expect(await said(6)).toEqual(['impression'])
    await context.setOffline(false)
    const later = await open('customer=6')
    await until(async () => (await said(6)).includes('not_now'))
    await until(async () => (await later.evaluate('clientele.waiting()')) === 0)
  })

  test('is told to be on its way while it waits, and no longer once it has gone', async () => {
    const page = await open('customer=21')
    await page.locator('.clientele-card').waitFor()
    await until(async () => (await said(21)).includes('impression'))
    await context.setOffline(true)
    await page.locator('.clientele-not_now').click()
    await page.getByText('There is no connection').waitFor()
    await context.setOffline(false)
    await page.getByText('We will not show this for a while').waitFor()
    expect(await page.getByText('There is no connection').count()).toBe(0)
    expect(await said(21)).toContain('not_now')
  })

  test('of one customer is never sent in the name of the next at the same screen', async () => {
    const page = await open('customer=7')
    await page.locator('.clientele-card').waitFor()
    await until(async () => (await said(7)).includes('impression'))
    await context.setOffline(true)
    await page.locator('.clientele-refuse').click()
    await page.getByText('There is no connection').waitFor()
    await page.close()
    await context.setOffline(false)
    const next = await open('customer=8')
    await until(async () => (await said(8)).includes('impression'))
    expect(await said(7)).toEqual(['impression'])
    await next.close()
    await open('customer=7')
    await until(async () => (await said(7)).includes('refuse'))
    expect(await said(8)).toEqual(['impression'])
  })

  test('waits when somebody else signs in on the same page, and is not theirs', async () => {
    const page = await open('customer=12')
    await page.locator('.clientele-card').waitFor()
    await until(async () => (await said(12)).includes('impression'))
    await context.setOffline(true)
    await page.locator('.clientele-accept').click()
    await page.getByText('There is no connection').waitFor()
    await page.evaluate("who.set('customer', '13')")
    bank.clock.advanceMs(3_600_000)
    await context.setOffline(false)
    await until(async () => (await page.evaluate<string[]>('errors')).includes('no_token'))
    expect(await page.evaluate('clientele.waiting()')).toBe(1)
    expect(await page.evaluate('errors')).not.toContain('contact_unknown')
    expect(await said(12)).toEqual(['impression'])
  })

  test('that the bank refuses for good is told to the page, and what follows is not held up', async () => {
    const page = await open('customer=9&data')
    await until(() => page.evaluate<boolean>('!!window.contents'))
    const other = (await page.evaluate('contents[0].contactId')) as string
    await bank.rt.db`update know.contact set source = 'elsewhere' where contact_id = ${other}`
    const refused = await page.evaluate("contents[0].answer('accept')")
    expect(refused).toMatchObject({ sent: false, kept: false })
    expect(await page.evaluate("clientele.tell({ need: 'loan' })")).toMatchObject({ sent: true })
    expect(await page.evaluate('errors')).toHaveLength(1)
  })
})

describe.runIf(hasBrowser)(`a token${notRunHere}`, () => {
  test('that has run out is renewed without anybody noticing', async () => {
    const page = await open('customer=10')
    await page.locator('.clientele-card').waitFor()
    const before = tokensGiven
    bank.clock.advanceMs(3_600_000)
    expect(await page.evaluate("clientele.agree('email', true)")).toMatchObject({ marketing: { email: true } })
    expect(tokensGiven).toBe(before + 1)
    expect(await page.evaluate('errors')).toEqual([])
  })

  test('that the bank no longer gives ends in one plain error, and in no storm of questions', async () => {
    const page = await context.newPage()
    let asked = 0
    await page.route('**/token?*', (route) => {
      asked++
      return route.fulfill({ status: 401, body: '{}' })
    })
    await page.goto(`${url}/?customer=11`)
    await wait(1200)
    expect(await page.evaluate('errors')).toContain('no_token')
    expect(asked).toBeLessThan(6)
  })
})

describe('the script itself', () => {
  test('is small, cached, asked for again by its digest, and loads from any page', async () => {
    for (const file of ['clientele.js', 'clientele.mjs']) {
      const answer = await fetch(`${clientele}/sdk/${file}`)
      expect(answer.headers.get('cache-control')).toContain('max-age=300')
      expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
      const text = await answer.text()
      expect(gzipSync(text, { level: 9 }).length, file).toBeLessThanOrEqual(GZIP_BYTES_MAX)
      const banned = /innerHTML|insertAdjacentHTML|\beval\s*\(|new Function|document\.write|\.style\.|srcdoc/
      expect(text, file).not.toMatch(banned)
      const again = await fetch(`${clientele}/sdk/${file}`, {
        headers: { 'if-none-match': answer.headers.get('etag')! },
      })
      expect(again.status).toBe(304)
    }
  })
})
