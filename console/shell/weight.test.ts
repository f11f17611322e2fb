import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type Login, PEOPLE } from '#test/http'
import { type Riverside, riverside } from '../../scenarios/traps/riverside.ts'

const BUDGET_BYTES = 300_000

/** Nothing more comes of a page that has asked for nothing for so long. */
const QUIET_MS = 2500

/** More than none, or nothing was measured. */
const within = (bytes: number): boolean => bytes > 50_000 && bytes <= BUDGET_BYTES

describe.runIf(hasBrowser)(`what a browser loads for somebody’s first page${notRunHere}`, () => {
  let bank: Riverside
  let it: Browsing
  const weighed: [page: string, bytes: number][] = []
  beforeAll(async () => {
    bank = await riverside()
    it = await browse(bank.bank, { checksReplies: false })
  })
  afterAll(async () => {
    if (process.env.CLIENTELE_WEIGHTS)
      for (const [page, bytes] of weighed.sort((a, b) => b[1] - a[1]))
        process.stdout.write(`${kB(bytes)} kB  ${page}\n`)
    await it?.close()
    await bank?.close()
  })
  const kB = (bytes: number): string => (bytes / 1000).toFixed(1)

  /** Loads a page cold, waits until nothing more comes, and adds up the script that came as it was sent. */
  async function weightOf(path: string, who?: Login): Promise<number> {
    const page = await it.open()
    try {
      if (who) await it.signIn(page, who)
      await it.go(page, path)
      await page.waitForFunction(
        () =>
          document.querySelector('main .ui-skeleton, main .mantine-Skeleton-root, main [aria-busy="true"]') === null,
      )
      // What is loaded without being asked for comes when the page has nothing else to do.
      const told = await page.waitForFunction(
        ({ quietMs }) => {
          const loaded = performance
            .getEntriesByType('resource')
            .filter((one): one is PerformanceResourceTiming => !one.name.includes('/api/'))
          if (performance.now() - Math.max(...loaded.map(({ responseEnd }) => responseEnd)) < quietMs) return undefined
          return loaded
            .filter(({ name }) => name.endsWith('.js'))
            .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)
        },
        { quietMs: QUIET_MS },
      )
      const bytes = (await told.jsonValue()) ?? 0
      weighed.push([`${path} ${who ?? 'nobody'}`, bytes])
      return bytes
    } finally {
      await page.context().close()
    }
  }

  // CLIENTELE_WEIGHTS=1 prints the weight of each page.
  test('for whoever has yet to sign in', async () => {
    expect(await weightOf('/')).toSatisfy(within)
  })

  // One of each role.
  const people = (Object.keys(PEOPLE) as Login[]).filter((who) => !['otto', 'dunja'].includes(who))
  test.each(people)('for %s at home', async (who) => {
    expect(await weightOf('/', who)).toSatisfy(within)
  })

  test('for the pulse, and a customer whole', async () => {
    const [customer] = await bank.bank.rt.db`select customer_id from know.customer order by 1 limit 1`
    expect(await weightOf('/learn/pulse', 'sofia')).toSatisfy(within)
    for (const who of ['riya', 'arthur'] as const)
      expect(await weightOf(`/know/customers/${customer!.customer_id}`, who)).toSatisfy(within)
  })

  test('what a customer’s page asks is asked while its code comes; a pointer that rests on a link asks nothing', async () => {
    const page = await it.open()
    await it.signIn(page, 'riya')
    await it.go(page, '/know/customers')
    await page.getByRole('searchbox').or(page.getByRole('textbox')).first().fill('ma')
    const link = page.locator('main a[href^="/know/customers/"]').first()
    await link.waitFor()
    const id = (await link.getAttribute('href'))!.split('/').at(-1)!
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    const ofThem = () => asked.filter((path) => path.startsWith('/api/') && path.endsWith(`/${id}`))
    let letIn = (): void => {}
    const held = new Promise<void>((resolve) => {
      letIn = resolve
    })
    await page.route('**/assets/customer-page-*.js', async (route) => {
      await held
      await route.continue()
    })
    const code = page.waitForRequest('**/assets/customer-page-*.js')
    await link.hover()
    await code
    expect(ofThem()).toEqual([])
    await link.click()
    await expect.poll(() => ofThem().length, { timeout: 20_000 }).toBeGreaterThanOrEqual(4)
    expect(await page.locator('.know-360').count()).toBe(0)
    letIn()
    await page.locator('.know-360').waitFor()
    await page.context().close()
  })
})
