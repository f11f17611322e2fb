import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { computeAttributes } from '#know/attributes'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'

/** As many looks as a bank puts on record in a few weeks; a tenth of a day's otherwise. */
const MANY = process.env.CLIENTELE_LONG === '1' ? 1_000_000 : 20_000
const RARE = 7

describe.runIf(hasBrowser)(`a list of which the server holds ${MANY.toLocaleString('en')}${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  let page: Page
  beforeAll(async () => {
    bank = await testBank()
    it = await browse(bank)
    await runPlaybook(bank.rt, [
      {
        kind: 'attribute',
        id: 'age',
        title: 'Age',
        meaning: 'Full years',
        type: 'int',
        unit: 'years',
        source: { person: 'age_years' },
      },
      { kind: 'segment', id: 'adults', title: 'Adults', rule: 'customer.age >= 18' },
    ] as never)
    // All of them adults; one is by far the eldest, and one is called otherwise.
    await bank.rt.db`select know.living_of_everybody()`
    await bank.rt.db`
      insert into know.customer (customer_id, full_name, birth_on, since_on)
      select n, case n when ${MANY - 5} then 'Örjan Ek' else 'Person ' || n end,
             case n when ${MANY - 7} then '1910-01-01'::date else '2000-01-01'::date - (n % 15000) end, '2020-01-01'
        from generate_series(1, ${MANY}) n`
    await computeAttributes(bank.rt)
    await bank.rt.db`
      insert into trust.audit_entry (chain, sequence, at, actor_kind, actor_id, action, customers, facts, hash)
      select 1, 1000000 + n, ${bank.clock.now()}::timestamptz - (${MANY + 60} - n) * interval '1 second', 'person', 'arthur',
             case when n <= ${RARE} then 'decide.decisions:replayed' else 'know.customers:read' end, array['c' || n], '{}', sha256(int8send(n))
        from generate_series(1, ${MANY}) n`
    await bank.rt.db`analyze trust.audit_entry`
    page = await it.open()
    await it.signIn(page, 'dora')
  }, 300_000)
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })

  const shown = (text: RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor({ timeout: 60_000 })
  const firstRow = () => page.locator('[role=row][aria-rowindex="2"]')
  const inAll = `${(MANY / 1000).toLocaleString('en')},\\d{3}`

  test('the first of them are here, few are drawn, and how many there are is said', async () => {
    await it.go(page, '/trust/audit')
    await shown(new RegExp(`^the first 500 of ${inAll}$`))
    expect(await page.getByRole('row').count()).toBeLessThan(80)
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'many')
  })

  test('the next ones come behind the first, when they are asked for', async () => {
    await page.getByRole('button', { name: 'Load more' }).click()
    await shown(new RegExp(`^the first 1,000 of ${inAll}$`))
  })

  test('the other order is that of all of them, not of those that happen to be here', async () => {
    await it.go(page, '/trust/audit?sort=at')
    await shown(new RegExp(`^the first 500 of ${inAll}$`))
    await firstRow().filter({ hasText: 'replayed' }).waitFor()
  })

  test('a filter looks at all of them, and finds what lies a long way back', async () => {
    await it.go(page, '/trust/audit')
    await page.getByLabel('Action, exactly').fill('decide.decisions:replayed')
    await page.keyboard.press('Enter')
    await shown(/^7 rows$/)
    await page.getByLabel('Action, exactly').fill('nothing.of:the kind')
    await page.keyboard.press('Enter')
    await page.locator('main .ui-state').waitFor()
    expect(it.complaints()).toEqual([])
  })

  test('members of a segment: the eldest of all stands first, a name is found wherever it lies, the end is reached', async () => {
    page = await it.open()
    await it.signIn(page, 'mina')
    await it.go(page, '/know/segments/adults/members?sort=-customer.age')
    await shown(new RegExp(`^the first 500 of ${inAll}$`))
    await firstRow().filter({ hasText: '116 years' }).waitFor()
    const filter = page.getByRole('searchbox', { name: /^Filter/ })
    await filter.fill('orjan')
    await shown(/^1 row$/)
    await firstRow().filter({ hasText: 'Örjan Ek' }).waitFor()
    await filter.fill('')
    await shown(new RegExp(`^the first 500 of ${inAll}$`))
    await page.getByRole('columnheader', { name: 'Customer' }).getByRole('button').click()
    await firstRow().filter({ hasText: 'Örjan Ek' }).waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('End')
    await shown(new RegExp(`^the first 1,000 of ${inAll}$`))
    expect(await page.getByRole('row').count()).toBeLessThan(80)
    expect(it.complaints()).toEqual([])
  })
})
