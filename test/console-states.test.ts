import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere, type Scheme, type Width } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { eventually } from '#test/scratch'
import {
  type Answers,
  addressWith,
  idsFor,
  nonsense,
  openWindow,
  screens,
  sticksOut,
  type Window,
  widen,
} from '#test/screens'
import { ROLES } from '#trust/access'
import { PEOPLE } from '../demo/showcase.ts'
import { type Riverside, riverside } from '../scenarios/traps/riverside.ts'

/** Every look and every state of every screen; otherwise each is looked at while it comes, and has its turn of the rest. */
const LONG = process.env.CLIENTELE_LONG === '1'
const LOOKS: [Scheme, Width][] = [
  ['light', 'wide'],
  ['dark', 'narrow'],
  ['dark', 'wide'],
  ['light', 'narrow'],
]
const EVERY = await screens()
/** A number of its own for each screen, which no screen added later changes. */
const numberOf = (screen: string): number => [...screen].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
/** Those whose turn of a state it is. */
const inTurn = (turn: number): string[] => EVERY.filter((screen) => LONG || numberOf(screen) % 3 === turn)
const looksOf = (screen: string) => (LONG ? LOOKS : [LOOKS[numberOf(screen) % LOOKS.length]!])
/** What may pass by itself is asked for three times, which takes its seconds. */
const failuresOf = (screen: string): Answers[] => {
  const turn = (['unavailable', 'lost'] as const).filter((_, at) => LONG || numberOf(screen) % 12 === at * 3)
  return ['refused', ...turn]
}
/** Screens that show nothing before something is looked for. */
const LOOKED_FOR: Readonly<Record<string, string>> = {
  '/know/customers': '?find=Jonas',
  '/decide/decisions': '?customerId=$customerId',
}
/** As much as a page may draw, however much its lists hold. */
const ELEMENTS_MAX = 15_000
const COMING = 'main [aria-busy="true"]'
const ALERT = 'main [role="alert"]'

/** Somebody who holds every role, so that one window sees every screen. */
async function everybody(it: Browsing, { rt }: Pick<TestBank, 'rt'>): Promise<string> {
  const id = await it.http.person('everybody', { role: ROLES[0] })
  await rt.db`insert into trust.person_role (person_id, role, granted_at, granted_by)
              select ${id}, role, ${rt.clock.now()}, 'test' from unnest(${ROLES.slice(1)}::text[]) role`
  return 'everybody'
}

/** Nothing beyond the edge at either width, no word of a program, and nothing that the browser complains of. */
async function clean(it: Browsing, page: Page): Promise<void> {
  for (const width of ['narrow', 'wide'] as const) {
    await widen(page, width)
    expect(await sticksOut(page), `beyond the edge, ${width}`).toEqual([])
  }
  expect(await nonsense(page)).toEqual([])
  expect(it.complaints()).toEqual([])
}

describe.runIf(hasBrowser)(`every screen of the console${notRunHere}`, () => {
  let bank: Riverside
  let it: Browsing
  let window: Window
  let ids: Record<string, string | number> = { actionId: 'goal_saver', kind: 'policy', id: 'goal_saver' }
  const addressOf = (screen: string): string => addressWith(screen + (LOOKED_FOR[screen] ?? ''), ids)

  beforeAll(async () => {
    bank = await riverside()
    it = await browse(bank.bank)
    window = await openWindow(it, await everybody(it, bank.bank))
    const { call, key } = it.http
    ids.customerId = await bank.idOf(PEOPLE.jonas)
    const asked = { customerId: ids.customerId, channel: 'app', placement: 'app_home' }
    ids.decisionId = (await call('POST', '/api/decide/decisions', { as: key, body: asked })).body.decisionId
    ids.segmentId = (await call('GET', '/api/know/segments', { as: 'sofia' })).body.segments[0].id
    ids.feedId = (await call('GET', '/api/know/sources/feeds', { as: 'dag' })).body.feeds[0].feedId
    const webhook = { title: 'Core banking', url: 'https://core.example.org/said', types: ['decision.made'] }
    ids.webhookId = (await call('POST', '/api/engage/webhooks', { as: 'ada', body: webhook })).body.webhookId
    const { documents } = (await call('GET', '/api/trust/playbook', { as: 'sofia' })).body
    ids = idsFor(ids, documents)
    const policy = await call('GET', '/api/trust/playbook/documents/policy/goal_saver', { as: 'sofia' })
    const text = policy.body.text.replace('small_savings_90d >= 3', 'small_savings_90d >= 4')
    const draft = {
      title: 'Fewer, better offers',
      reason: 'The spring campaign.',
      changes: [{ kind: 'policy', id: 'goal_saver', text }],
    }
    ids.draftId = (await call('POST', '/api/trust/playbook/drafts', { as: 'sofia', body: draft })).body.draftId
  }, 240_000)
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })

  test.each(EVERY)('%s: its shape stands while it comes, nothing jumps far, and axe finds nothing', async (screen) => {
    const { page } = window
    await page.emulateMedia({ colorScheme: 'light' })
    window.answers('held back')
    await window.load(addressOf(screen))
    await page.locator('main h1').first().waitFor()
    const stands = performance.now()
    await eventually(
      async () =>
        (await page.locator(COMING).count()) > 0 || (window.held() === 0 && performance.now() - stands > 1000),
    )
    await page.evaluate(`window.jumped = 0, new PerformanceObserver((list) => {
      for (const one of list.getEntries()) window.jumped += one.value
    }).observe({ type: 'layout-shift' })`)
    window.answers('as they are')
    await window.settled()
    // The home page of somebody with every role has a dozen panels, each of which comes when it comes.
    expect(await page.evaluate('window.jumped'), 'layout shift').toBeLessThan(screen === '/' ? 0.6 : 0.3)
    for (const [scheme, width] of looksOf(screen)) {
      await page.emulateMedia({ colorScheme: scheme })
      await widen(page, width)
      expect(await it.axe(page), `${scheme} ${width}`).toEqual([])
      await it.shot(page, `screen${screen.replaceAll(/[/$]+/g, '-')}-${scheme}-${width}`)
    }
    await clean(it, page)
  })

  test.each(inTurn(0))(
    '%s: an answer that fails is told with what to do, and trying again mends it',
    async (screen) => {
      const { page } = window
      const again = page.locator('main').getByRole('button', { name: 'Try again' })
      for (const way of failuresOf(screen)) {
        window.answers(way)
        await window.load(addressOf(screen))
        await window.settled()
        const says = await page.locator(ALERT).allInnerTexts()
        for (const said of says) expect(said).toMatch(/Try again|Check the connection/)
        // Only a screen that asks the server for nothing has nothing to tell.
        if (window.asked() > 0) {
          expect(says.join(), `${way}, ${window.asked()} asked for`).toContain('Nothing was changed or lost.')
          expect(await again.count(), `${way}: ${says.join(' | ')}`).toBeGreaterThan(0)
        }
        if (LONG) expect(await it.axe(page), way).toEqual([])
        window.answers('as they are')
        // What comes back may show a part whose own answer was refused as well.
        await eventually(async () => {
          if ((await again.count()) > 0) {
            await again.first().click({ timeout: 1000 })
            return false
          }
          await window.settled()
          return (await page.locator(ALERT).count()) === 0
        })
      }
      await clean(it, page)
    },
  )

  test.each(inTurn(1))(
    '%s: thousands of rows with long names and names from right to left stay in their place',
    async (screen) => {
      const { page } = window
      window.answers('crowded')
      await window.load(addressOf(screen))
      await window.settled()
      expect(await page.getByText('This page stopped working').count()).toBe(0)
      expect(await page.evaluate('document.querySelectorAll("*").length'), 'elements').toBeLessThan(ELEMENTS_MAX)
      await it.shot(page, `crowded${screen.replaceAll(/[/$]+/g, '-')}`)
      if (LONG) expect(await it.axe(page)).toEqual([])
      await clean(it, page)
    },
  )
})

describe.runIf(hasBrowser)(`every screen of a bank that has nothing yet${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  let window: Window
  beforeAll(async () => {
    bank = await testBank()
    it = await browse(bank)
    await runPlaybook(bank.rt, [])
    window = await openWindow(it, await everybody(it, bank))
  })
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })

  const NO_UUID = '00000000-0000-8000-8000-000000000000'
  /** What a parameter not named here may be: an id like those of the playbook's documents. */
  const nobody = new Proxy<Record<string, string | number>>(
    { customerId: 4711, feedId: 4711, decisionId: NO_UUID, draftId: NO_UUID, webhookId: NO_UUID, kind: 'policy' },
    { get: (known, name) => known[String(name)] ?? 'nothing' },
  )
  const withoutIds = EVERY.filter((screen) => !screen.includes('$'))
  const withIds = inTurn(2).filter((screen) => screen.includes('$'))

  test.each(withoutIds)('%s: says what will be here and why, and offers a first step', async (screen) => {
    const { page } = window
    await window.load(screen)
    await window.settled()
    expect(await page.locator(ALERT).allInnerTexts()).toEqual([])
    for (const said of await page.locator('main .ui-state').allInnerTexts())
      expect(said.length, `too short to say anything: ${said}`).toBeGreaterThan(60)
    expect(await page.locator('main').locator('a, button, input').count()).toBeGreaterThan(0)
    if (LONG) expect(await it.axe(page)).toEqual([])
    await it.shot(page, `empty${screen.replaceAll('/', '-')}`)
    await clean(it, page)
  })

  test.each(withIds)('%s: an address of nothing says that it is not there, and leads on', async (screen) => {
    const { page } = window
    await window.load(addressWith(screen, nobody))
    await window.settled()
    await page
      .locator('main')
      .filter({ hasText: /\bno(t|thing|body)?\b/i })
      .waitFor()
    expect(await page.locator('main').locator('a, button').count()).toBeGreaterThan(0)
    if (LONG) expect(await it.axe(page)).toEqual([])
    await it.shot(page, `nothing${screen.replaceAll(/[/$]+/g, '-')}`)
    await clean(it, page)
  })
})
