import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { computeAttributes } from '#know/attributes'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { seal, systemActor } from '#trust/access'

const actor = systemActor('test')

const person = (id: string, type: string, title: string, unit?: string) => ({
  kind: 'attribute',
  id,
  title,
  meaning: `${title}, as the core banking system has it`,
  type,
  ...(unit ? { unit } : {}),
  source: { person: id === 'age' ? 'age_years' : id },
})
const DOCUMENTS = [
  person('age', 'int', 'Age', 'years'),
  person('city', 'string', 'City'),
  person('language', 'string', 'Language'),
  {
    kind: 'segment',
    id: 'adults',
    title: 'Adults',
    meaning: 'Eighteen and over',
    rule: 'customer.age >= 18',
    strategy: 'grow',
    owner: 'Mina',
  },
  { kind: 'segment', id: 'doubled', title: 'Doubled', rule: 'customer.age * 2 > 120', strategy: 'keep' },
]

describe.runIf(hasBrowser)(`segments in the console${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  beforeAll(async () => {
    bank = await testBank()
    it = await browse(bank)
    const { rt } = bank
    await runPlaybook(rt, DOCUMENTS as never)
    // Twelve thousand people of 10 to 79 in two towns; one of them under a seal.
    await rt.db`
      insert into know.customer (customer_id, full_name, family_name, branch_code, birth_on, city, since_on)
      select n, 'Person ' || n, 'Person ' || n, '17', ('2016-01-01'::date - (n % 70) * 365), case n % 3 when 0 then 'Altmuehl' else 'Riverside' end, '2010-01-01'
        from generate_series(1, 12000) n`
    await seal(rt, { customerId: 9, kind: 'staff', reason: 'works here' }, actor)
    await computeAttributes(rt, {})
    const owned = (customer_id: number, holding_id: number, opened_on: string) => ({
      ...{ holding_id, customer_id, role: 'owner', authority: 'sole', share_bp: 10_000 },
      ...{ from_on: opened_on, to_on: '2299-12-31', product: 'everyday', currency: 'EUR' },
      ...{ opened_on, closed_on: '2299-12-31' },
    })
    // Two who were there, of whom one opens a second account, and one who comes.
    await rt.lake.insert('know.holding_of', [
      owned(1, 11, '2020-01-01'),
      owned(2, 21, '2020-01-01'),
      owned(2, 22, '2026-01-15'),
      owned(3, 31, '2026-02-10'),
    ])
  }, 240_000)
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })
  const mina = async (options: Parameters<Browsing['open']>[0] = {}) => {
    const page = await it.open(options)
    await it.signIn(page, 'mina')
    return page
  }
  type Opened = Awaited<ReturnType<typeof mina>>
  const countOf = (page: Opened, expression: string) =>
    page.locator(`[data-count-of=${JSON.stringify(expression)}]`).textContent()
  const expression = (page: Opened) => page.getByRole('textbox', { name: 'Expression' })

  test('the segments stand with their size, as a picture and as a table', async () => {
    for (const options of [{}, { width: 'narrow' as const, scheme: 'dark' as const }]) {
      const page = await mina(options)
      await it.go(page, '/know/segments')
      await page.getByRole('link', { name: 'Adults' }).first().waitFor()
      await page.getByRole('heading', { name: 'How large they are' }).waitFor()
      await page.getByText('from 2 to 3 (+1): 1 came, 0 left, 1 went on to own more, 0 to own less.').waitFor()
      expect(await it.axe(page)).toEqual([])
      await it.shot(page, `segments-${options.width ?? 'wide'}`)
    }
    expect(it.complaints()).toEqual([])
  })

  test('the number follows as one types, and says of which text it is', async () => {
    const page = await mina()
    await it.go(page, '/know/segments/new')
    await expression(page).fill('customer.age >= 18')
    expect(await countOf(page, 'customer.age >= 18')).toMatch(/^10,\d{3} customers$/)
    await expression(page).fill("customer.city in ['Altmuehl']")
    expect(await countOf(page, "customer.city in ['Altmuehl']")).toBe('4,000 customers')
    // A list of one town is still a list in the builder.
    await page.getByText('is one of').or(page.locator('input[value="is one of"]')).first().waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'segment-new')
  })

  test('what was typed before is called off when more is typed', async () => {
    const page = await mina()
    await it.go(page, '/know/segments/new')
    const called = new Set<string>()
    page.on('requestfailed', (request) => request.url().endsWith('/count') && called.add(request.failure()!.errorText))
    let held = 0
    await page.route('**/api/know/segments/count', async (route) => {
      // The first is held until it is called off.
      if (held++ === 0) await page.waitForEvent('requestfailed')
      await route.continue().catch(() => {})
    })
    await expression(page).fill('customer.age >= 20')
    await expect.poll(() => held, { timeout: 20_000 }).toBe(1)
    await expression(page).fill('customer.age >= 30')
    await countOf(page, 'customer.age >= 30')
    await expect.poll(() => [...called], { timeout: 20_000 }).toEqual(['net::ERR_ABORTED'])
  })

  test('a fault is told at its character, and the conditions wait for it to be mended', async () => {
    const page = await mina()
    await it.go(page, '/know/segments/new')
    await expression(page).fill('customer.age >= 18 && customer.agee')
    await page.getByText(/At character 32:/).waitFor()
    await page.getByText('Mend the expression first').waitFor()
    expect(await page.getByRole('button', { name: 'Save as a draft' }).isDisabled()).toBe(true)
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'segment-fault')
    await page.getByRole('button', { name: 'Go there' }).click()
    await page.keyboard.press('End')
    await page.keyboard.press('Backspace')
    await page.keyboard.type(' > 20')
    expect(await countOf(page, 'customer.age >= 18 && customer.age > 20')).toMatch(/customers$/)
  })

  test('a condition set with the controls is the same text, by keyboard alone', async () => {
    const page = await mina()
    await it.go(page, '/know/segments/adults')
    await page.getByRole('button', { name: 'Condition', exact: true }).focus()
    await page.keyboard.press('Enter')
    const value = page.getByRole('textbox', { name: 'Value' }).last()
    await value.focus()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('65')
    const wanted = 'customer.age >= 18 && customer.age >= 65'
    await expect.poll(() => page.locator('textarea').first().inputValue(), { timeout: 20_000 }).toBe(wanted)
    await countOf(page, wanted)
    await page.getByText('Changed, not saved').waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'segment-changed')
  })

  test('each condition says whom it takes away, and the rule where else its customers belong', async () => {
    for (const options of [{}, { width: 'narrow' as const, scheme: 'dark' as const }]) {
      const page = await mina(options)
      await it.go(page, '/know/segments/new')
      await expression(page).fill("customer.age >= 18 && customer.city in ['Altmuehl']")
      const conditions = page.getByRole('group', { name: 'How many each condition leaves' })
      const row = (text: string) => conditions.getByRole('row').filter({ hasText: text })
      await row('Altmuehl').waitFor({ timeout: 30_000 })
      expect(await row('Everybody').textContent()).toMatch(/12,000/)
      const [left = '', alone = '', without = ''] = await row('Altmuehl').getByRole('cell').allTextContents()
      expect(left).toMatch(/^3,\d{3} −7,\d{3}$/)
      expect(alone).toBe('4,000')
      expect(without).toMatch(/^10,\d{3} \+7,\d{3}$/)
      const others = page.getByRole('group', { name: 'Customers who belong here and there' })
      const adults = await others.getByRole('row').filter({ hasText: 'Adults' }).getByRole('cell').allTextContents()
      expect(adults.slice(0, 2)).toEqual([left.split(' ')[0], '100%'])
      // A rule that cannot be read has no parts.
      await expression(page).fill('customer.age >=')
      await conditions.waitFor({ state: 'detached' })
      await expression(page).fill('customer.age >= 18 && customer.age < 30 && customer.language == ""')
      await row('language').waitFor({ timeout: 30_000 })
      expect(await it.axe(page)).toEqual([])
      await conditions.scrollIntoViewIfNeeded()
      await it.shot(page, `segment-anatomy-${options.width ?? 'wide'}`)
    }
    it.complaints()
  })

  test('a rule that computes stays text, and says so', async () => {
    const page = await mina({ scheme: 'dark' })
    await it.go(page, '/know/segments/doubled')
    await page.getByText('This rule is more than conditions can show').waitFor()
    expect(await countOf(page, 'customer.age * 2 > 120')).toMatch(/customers$/)
    expect(await expression(page).inputValue()).toBe('customer.age * 2 > 120')
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'segment-text-only')
  })

  test('a changed rule is saved as a draft, with everything else of the segment kept', async () => {
    const page = await mina()
    await it.go(page, '/know/segments/adults')
    await expression(page).fill('customer.age >= 21')
    await countOf(page, 'customer.age >= 21')
    await page.getByRole('button', { name: 'Save as a draft' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Why').fill('The law says so')
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'segment-save')
    await dialog.getByRole('button', { name: 'Save as a draft' }).click()
    await page.getByText('The draft is saved.').waitFor()
    const { body } = await it.http.call('GET', '/api/trust/playbook/drafts', { as: 'mina' })
    const [{ draftId }] = body.drafts
    const review = await it.http.call('GET', `/api/trust/playbook/drafts/${draftId}`, { as: 'mina' })
    expect(review.body.findings.filter((one: { severity: string }) => one.severity === 'error')).toEqual([])
    expect(review.body.changes).toHaveLength(1)
    expect(review.body.text).toContain('customer.age >= 21')
    expect(review.body.changes[0].fields.map(({ path }: { path: string }) => path)).toEqual(['rule'])
  })

  test('a rule that is being written is still there after another page, and can be taken back', async () => {
    const page = await mina()
    await it.go(page, '/know/segments/doubled')
    await expression(page).fill('customer.age * 2 > 140')
    await page.getByRole('link', { name: 'Attributes' }).click()
    await page.getByRole('heading', { name: 'Attributes' }).waitFor()
    await page.goBack()
    await page.getByText('Changed, not saved').waitFor()
    expect(await expression(page).inputValue()).toBe('customer.age * 2 > 140')
    await page.getByRole('button', { name: 'Back to the saved rule' }).click()
    expect(await expression(page).inputValue()).toBe('customer.age * 2 > 120')
  })

  test('ten thousand members are walked, ordered and filtered by the server, without the sealed one', async () => {
    const page = await mina()
    await it.go(page, '/know/segments/adults/members')
    const status = (text: RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor({ timeout: 60_000 })
    const firstRow = page.locator('[role=row][aria-rowindex="2"]')
    await status(/^the first 500 of 10,\d{3}$/)
    const grid = page.getByRole('grid')
    await grid.focus()
    await page.keyboard.press('End')
    await status(/^the first 1,000 of 10,\d{3}$/)
    await page.keyboard.press('End')
    await status(/^the first 1,500 of 10,\d{3}$/)
    expect(await page.getByRole('row').count()).toBeLessThan(80)
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'members')

    // The eldest of all of them, not of those that were here.
    const header = page.getByRole('columnheader', { name: 'Age' })
    await header.getByRole('button').click()
    await firstRow.filter({ hasText: '18' }).waitFor()
    await header.getByRole('button').click()
    await firstRow.filter({ hasText: '79' }).waitFor()
    expect(await header.getAttribute('aria-sort')).toBe('descending')
    expect(new URL(page.url()).searchParams.get('sort')).toBe('-customer.age')

    const filter = page.getByRole('searchbox', { name: /^Filter/ })
    await filter.fill('person 11997')
    await status(/^1 row$/)
    await page.getByRole('gridcell', { name: 'Person 11997' }).waitFor()
    await filter.fill('person 9')
    await status(/^the first 500 of |^\d+ rows$/)
    expect(await page.getByRole('gridcell', { name: 'Person 9', exact: true }).count()).toBe(0)
    await filter.fill('nobody of this name')
    await page.getByText('No row fits the filter').waitFor()
    await it.shot(page, 'members-none')

    await filter.fill('')
    await status(/^the first 500 of 10,\d{3}$/)
    const [, all = ''] = /of ([\d,]+)/.exec((await page.locator('.ui-table-count').textContent()) ?? '') ?? []
    const file = await page.getByRole('link', { name: 'Export as CSV' }).getAttribute('href')
    const lines = await page.evaluate<string[]>(
      `fetch(${JSON.stringify(file)}).then((answer) => answer.text()).then((text) => text.trim().split('\\r\\n'))`,
    )
    expect(lines[0]).toBe('number,name,Age (years)')
    expect(lines.length - 1).toBe(Number(all.replace(',', '')))
    expect(lines.filter((line) => line.startsWith('9,'))).toEqual([])
    expect(it.complaints()).toEqual([])
  })

  test('members stand at 390 pixels and in the dark; when the next do not come, those that are here stay', async () => {
    const page = await mina({ width: 'narrow', scheme: 'dark' })
    await it.go(page, '/know/segments/adults/members')
    const status = (text: RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor({ timeout: 60_000 })
    await status(/^the first 500 of /)
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'members-narrow')
    const refused = {
      error: { kind: 'unavailable', code: 'busy', message: 'Too much at once.', facts: {}, next: 'Try again.' },
    }
    await page.route('**/members?*after=*', (route) => route.fulfill({ status: 503, json: refused }))
    await page.getByRole('grid').focus()
    await page.keyboard.press('End')
    await page.getByText('Too much at once.').waitFor()
    expect(await page.getByRole('row').count()).toBeGreaterThan(5)
    await it.shot(page, 'members-failed')
    await page.unroute('**/members?*after=*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await status(/^the first 1,000 of /)
    it.complaints()
  })

  test('whoever may only read sees the rule and cannot change it', async () => {
    const page = await it.open()
    await it.signIn(page, 'riya')
    await it.go(page, '/know/segments/adults')
    await expression(page).waitFor()
    expect(await page.getByRole('button', { name: 'Save as a draft' }).count()).toBe(0)
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'segment-read-only')
  })
})
