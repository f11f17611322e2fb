/** The examples of the script, as somebody who integrates it runs them: the page in plain HTML with its small server, and React. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import react from '@vitejs/plugin-react'
import type { FastifyInstance } from 'fastify'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildApp } from '#app/server'
import { chromiumPath, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { eventually, freePort, scratchFolder } from '#test/scratch'
import { smallPlaybook } from '#test/small-playbook'
import { createKey, systemActor } from '#trust/access'

const ROOT = join(import.meta.dirname, '..')
const CUSTOMER = 1
let bank: TestBank
let app: FastifyInstance
let clientele: string
let plain: ChildProcess
let plainUrl: string
let reactPage: Server
let reactUrl: string
let browser: Browser
let context: BrowserContext
const built = scratchFolder('react-example')

/** What somebody writes who takes the React example into a page of their own. */
const REACT_PAGE = (example: string, url: string): string => `
import { createRoot } from 'react-dom/client'
import { ForYou, WithClientele } from ${JSON.stringify(example)}
const getToken = () => fetch('/token', { method: 'POST' }).then((answer) => answer.json())
createRoot(document.getElementById('root')!).render(
  <WithClientele url=${JSON.stringify(url)} getToken={getToken}><h1>Your accounts</h1><ForYou /></WithClientele>,
)
`

async function buildReact(): Promise<string> {
  const entry = join(built.path, 'page.tsx')
  writeFileSync(entry, REACT_PAGE(join(ROOT, 'sdk/examples/react/for-you.tsx'), clientele))
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    plugins: [react()],
    define: { 'process.env.NODE_ENV': '"development"' },
    resolve: {
      alias: ['react/jsx-runtime', 'react/jsx-dev-runtime', 'react-dom/client', 'react'].map((name) => ({
        find: new RegExp(`^${name}$`),
        replacement: join(ROOT, 'node_modules', name.includes('/') ? `${name}.js` : `${name}/index.js`),
      })),
    },
    build: {
      outDir: join(built.path, 'out'),
      lib: { entry, formats: ['iife'], name: 'page', fileName: () => 'page.js' },
    },
  })
  return readFileSync(join(built.path, 'out/page.js'), 'utf8')
}

/** The bank's server of the React page: a token for who has signed in, and a policy that allows nothing beside it. */
function serveReact(script: string, key: string): Server {
  const policy = `default-src 'none'; script-src 'self' ${clientele}; connect-src 'self' ${clientele}; style-src 'self'; img-src data:; require-trusted-types-for 'script'`
  const html = `<!doctype html><html lang="en"><head><title>Bank</title><link rel="icon" href="data:,">
<script src="${clientele}/sdk/clientele.js" defer></script><script src="/page.js" defer></script></head><body><main id="root"></main></body></html>`
  return createServer((request, response) => {
    const send = (type: string, text: string): void => {
      response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(text)
    }
    if (request.url === '/page.js') return send('text/javascript', script)
    if (request.url !== '/token') return send('text/html', html)
    fetch(`${clientele}/api/engage/inbound/tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ customerId: CUSTOMER, origin: reactUrl, channel: 'web' }),
    })
      .then((answer) => answer.text())
      .then((text) => send('application/json', text))
  })
}

beforeAll(async () => {
  if (!hasBrowser) return
  const [plainPort, reactPort] = [await freePort(), await freePort()]
  plainUrl = `http://127.0.0.1:${plainPort}`
  reactUrl = `http://127.0.0.1:${reactPort}`
  bank = await testBank({ overrides: { http: { origins: [plainUrl, reactUrl] } } })
  app = buildApp(bank.rt, { checkReplies: true, limitRates: false })
  clientele = await app.listen({ host: '127.0.0.1', port: 0 })
  const { documents } = await smallPlaybook((all) => all.filter((one) => one.kind !== 'experiment'))
  await runPlaybook(bank.rt, [
    ...[...documents.values()].flatMap((ofKind) => [...ofKind.values()]),
    {
      kind: 'channel',
      id: 'web',
      title: 'Internet bank',
      direction: 'inbound',
      consent: 'none',
      textCharactersMax: 2000,
    },
    { kind: 'placement', id: 'web_overview', title: 'The internet bank’s overview', channel: 'web', actionsMax: 3 },
    {
      kind: 'treatment',
      id: 'goal_saver_web',
      title: 'Goal Saver, banner',
      action: 'goal_saver',
      channel: 'web',
      subject: { en: 'For what you put aside' },
      text: { en: 'A Goal Saver pays on it.' },
    },
  ])
  const { db } = bank.rt
  await db`insert into know.customer (customer_id, birth_on, branch_code, source) values (${CUSTOMER}, '1990-05-05', '0017', 'test')`
  await db`insert into know.customer_key (source, external_id, customer_id) values ('core_customer', 'P90000001', ${CUSTOMER})`
  await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
           values (${CUSTOMER}, 1, 'everyday', 'EUR', '2020-01-01', '{"small_savings": 4, "surplus": 9000}')`
  await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
           values (${CUSTOMER}, 1, 'owner', 'sole', 10000, '2020-01-01', ${CUSTOMER})`
  const { key } = await createKey(
    bank.rt,
    { title: 'internet bank', permissions: ['engage.inbound:token'] },
    systemActor('test'),
  )
  plain = spawn(process.execPath, [join(ROOT, 'sdk/examples/plain/server.js')], {
    env: { ...process.env, CLIENTELE_KEY: key, CLIENTELE_URL: clientele, PORT: String(plainPort) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve) => createInterface({ input: plain.stdout! }).once('line', () => resolve()))
  reactPage = serveReact(await buildReact(), key)
  await new Promise<void>((resolve) => reactPage.listen(reactPort, '127.0.0.1', resolve))
  browser = await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox'] })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  plain?.kill()
  reactPage?.close()
  await app?.close()
  await bank?.close()
  built.remove()
})
beforeEach(async () => {
  if (!hasBrowser) return
  context = await browser.newContext({ viewport: { width: 800, height: 600 } })
  await bank.rt.db`delete from know.response`
})
afterEach(() => context?.close())

async function open(url: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('favicon')) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(url)
  return { page, complaints }
}
const said = async (): Promise<string[]> =>
  (await bank.rt.db<{ kind: string }[]>`select kind from know.response order by version`).map(({ kind }) => kind)

describe.runIf(hasBrowser)(`the examples${notRunHere}`, () => {
  test('in plain HTML a message is shown and seen, a plan told, and e-mail agreed to, under the policy that its server sends', async () => {
    const { page, complaints } = await open(plainUrl)
    await page.getByRole('heading', { name: 'For what you put aside' }).waitFor()
    await eventually(async () => (await said()).includes('impression'))
    await page.getByRole('button', { name: 'I plan to buy a home' }).click()
    await page.getByText('Thank you for telling us.').waitFor()
    await page.getByLabel('Offers by e-mail').check()
    await eventually(() => page.getByLabel('Offers by e-mail').isEnabled())
    expect(await page.getByLabel('Offers by e-mail').isChecked()).toBe(true)
    await page.getByRole('button', { name: 'Not now' }).click()
    await page.getByText('We will not show this for a while').waitFor()
    expect(await said()).toContain('not_now')
    expect(complaints.filter((one) => !one.includes('404'))).toEqual([])
  })

  test('in React the page’s own components show it, are seen and answered, under the same policy', async () => {
    await bank.rt.db`delete from know.contact`
    const { page, complaints } = await open(reactUrl)
    await page.getByRole('heading', { name: 'For what you put aside' }).waitFor()
    await eventually(async () => (await said()).includes('impression'))
    await page.getByRole('button', { name: 'Yes, please' }).click()
    await page.getByRole('status').getByText('Thank you.').waitFor()
    expect(await said()).toContain('accept')
    expect(complaints).toEqual([])
  })
})
