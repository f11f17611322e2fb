import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'

/** As a newsletter tool writes it, and as somebody writes who wants to reach into the page. */
const NEWSLETTER = `<html><head><title>News</title><style>p { color: red }</style></head><body>
  <h1>A card for you</h1><table><tr><td>Free for</td><td>one year</td></tr></table>
  <p style="font-size: 40px">With <strong>lounges</strong> & more. <a href="https://bank.example/card">See the card</a></p>
  <ul><li>No fee abroad</li></ul><img src="https://elsewhere.example/p.gif" alt="Ana at the sea">
  <script>document.title = 'taken'</script><p onclick="document.title = 'taken'">Good-bye</p><iframe src="/"></iframe></body></html>`

const COMPLAINT = { why: 'a complaint of March' }

describe.runIf(hasBrowser)(`an officer answers why something was said${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  let decisionId: string
  beforeAll(async () => {
    bank = await testBank()
    it = await browse(bank)
    const { documents } = await smallPlaybook((all) => all.filter((one) => one.kind !== 'experiment'))
    await runPlaybook(bank.rt, [
      ...[...documents.values()].flatMap((ofKind) =>
        [...ofKind.values()].map((one) =>
          one.id === 'premium_card_app' ? { ...one, text: undefined, template: 'newsletter' } : one,
        ),
      ),
      {
        kind: 'template',
        id: 'newsletter',
        title: 'A newsletter',
        format: 'html',
        text: { en: NEWSLETTER },
        samples: [{ title: 'Anybody', data: {} }],
      },
    ])
    const { db } = bank.rt
    await db`insert into know.customer (customer_id, full_name, given_name, family_name, birth_on, branch_code, source)
             values (1, 'Jonas Weber', 'Jonas', 'Weber', '1990-05-05', '0017', 'test')`
    await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
             values (1, 1, 'everyday', 'EUR', '2020-01-01', '{"small_savings": 4, "surplus": 9000}')`
    await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
             values (1, 1, 'owner', 'sole', 10000, '2020-01-01', 1)`
    const asked = await it.http.call('POST', '/api/decide/decisions', {
      as: it.http.key,
      body: { customerId: 1, channel: 'app', placement: 'app_home' },
    })
    decisionId = asked.body.decisionId
  })
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })

  const as = async (login: string, options: Parameters<Browsing['open']>[0] = {}) => {
    const page = await it.open(options)
    await it.signIn(page, login)
    return page
  }
  const here = (part = '') => `/decide/decisions/${decisionId}${part}`

  test('before anything is looked up, the page says what will be here', async () => {
    const page = await as('dora')
    await it.go(page, '/decide/decisions')
    await page.getByText('Each time a channel asks what to say').waitFor()
    expect(it.complaints()).toEqual([])
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'decisions-empty')
  })

  test('the number from the letter opens the decision, by keyboard alone', async () => {
    const page = await as('dora')
    await it.go(page, '/decide/decisions')
    await page.getByLabel('Decision or customer').focus()
    await page.keyboard.type(decisionId)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Why this was decided' }).waitFor()
    await page.getByRole('heading', { name: 'How it narrowed' }).waitFor()
  })

  test('what is no number of ours is said so, and nothing is lost', async () => {
    const page = await as('dora')
    await it.go(page, '/decide/decisions')
    await page.getByLabel('Decision or customer').fill('my letter of May')
    await page.getByRole('button', { name: 'Look up' }).click()
    await page.getByText('neither a decision’s number nor a customer’s').waitFor()
    expect(await page.getByLabel('Decision or customer').inputValue()).toBe('my letter of May')
  })

  test('a customer who writes without any number is found by name', async () => {
    const page = await as('dora')
    await it.go(page, '/decide/decisions')
    await page.getByRole('combobox', { name: 'Customer by name' }).fill('weber')
    await page.getByRole('option', { name: /Jonas Weber/ }).click()
    await page.waitForURL(/customerId=1$/)
    await page.getByText('Goal saver').first().waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.go(page, '/trust/consents')
    await page.getByRole('combobox', { name: 'Customer by name' }).fill('jonas')
    await page.getByRole('option', { name: /Jonas Weber/ }).click()
    await page.waitForURL(/trust\/consents\/1$/)
    expect(it.complaints()).toEqual([])
  })

  test('a customer’s decisions lead to each one', async () => {
    const page = await as('dora')
    await it.go(page, '/decide/decisions?customerId=1')
    await page.getByText('Goal saver').first().waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Why this was decided' }).waitFor()
  })

  test('the officer reads which clause left an action out, what was found, and what was needed', async () => {
    const page = await as('dora')
    await it.go(page, here())
    await page.getByText('4 actions were considered; one was shown').waitFor()
    await page.getByRole('button', { name: /Is it relevant now/ }).click()
    const left = page.getByRole('region', { name: 'Left out: Is it relevant now?' })
    await left.getByText('customer.card_spend_month_minor >= 150000').waitFor()
    await page.getByText('You put money aside 4 times this season').waitFor()
    expect(await page.getByText('Owed until').count()).toBe(1)
    expect(it.complaints()).toEqual([])
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'decision-why')
  })

  test('a message in HTML is read as its reader saw it, and nothing of it reaches into the page', async () => {
    const { db } = bank.rt
    await db`insert into know.customer (customer_id, birth_on, branch_code, source) values (2, '1980-05-05', '0017', 'test')`
    await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
             values (2, 2, 'everyday', 'EUR', '2020-01-01', '{"card_spend": 220000, "pays_in_full": true}')`
    await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
             values (2, 2, 'owner', 'sole', 10000, '2020-01-01', 2)`
    const asked = await it.http.call('POST', '/api/decide/decisions', {
      as: it.http.key,
      body: { customerId: 2, channel: 'app', placement: 'app_home' },
    })
    const page = await as('dora')
    await it.go(page, `/decide/decisions/${asked.body.decisionId}`)
    const words = page.locator('.said-words')
    await words.getByText('A card for you').waitFor()
    await words.getByRole('listitem').getByText('No fee abroad').waitFor()
    const read = await words.textContent()
    expect(read).toContain('With lounges & more. See the card (https://bank.example/card)')
    expect(read).toContain('[picture: Ana at the sea]')
    for (const markup of ['<', 'color: red', 'taken', 'onclick', 'News']) expect(read).not.toContain(markup)
    await words.getByText('Good-bye').click()
    expect(await words.locator('script, style, img, iframe, a, [style], [onclick]').count()).toBe(0)
    expect(await page.title()).toContain('Clientele')
    expect(it.complaints()).toEqual([])
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'decision-html')
  })

  test('every action stands with all its clauses and what its score was made of', async () => {
    const page = await as('dora')
    await it.go(page, here('?part=actions&row=goal_saver'))
    await page.getByText('What the score is made of').waitFor()
    await page.getByText('Worth to the customer').waitFor()
    expect(await it.axe(page)).toEqual([])
  })

  test('made again, it is the same to the last byte, with the versions it was made with', async () => {
    const page = await as('dora')
    await it.go(page, here())
    await page.getByRole('button', { name: 'Make it again' }).first().click()
    await page.getByText('The same to the last byte').first().waitFor()
    await page.getByText('Playbook revision').waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'decision-replay')
  })

  test('with one fact different, the page says what would have been shown instead, and why', async () => {
    const page = await as('dora')
    await it.go(page, here('?part=what-if'))
    await page.getByRole('combobox', { name: 'Fact' }).click()
    await page
      .getByRole('option', { name: /urplus/ })
      .first()
      .click()
    await page.getByLabel('And if it were').fill('nine')
    await page.getByRole('button', { name: 'See what changes' }).click()
    await page.getByText('An amount like 50.00 is needed').waitFor()
    await page.getByLabel('And if it were').fill('49.99')
    await page.getByRole('button', { name: 'See what changes' }).click()
    await page.getByText('One action would come out differently').waitFor()
    await page.getByText('not right for them').first().waitFor()
    expect(it.complaints()).toEqual([])
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'decision-what-if')
  })

  test('a decision that is not there is said so, with what to do', async () => {
    const page = await as('dora')
    await it.go(page, '/decide/decisions/00000000-0000-8000-8000-000000000000')
    await page.getByText('No decision has this id').waitFor()
    expect(await it.axe(page)).toEqual([])
  })

  test('an agent reads why, and is not offered what is for officers', async () => {
    const page = await as('arthur')
    await it.go(page, here())
    await page.getByRole('heading', { name: 'How it narrowed' }).waitFor()
    expect(await page.getByRole('button', { name: 'Make it again' }).count()).toBe(0)
    expect(await page.getByRole('tab', { name: 'What if' }).count()).toBe(0)
  })

  test('at 390 pixels in the dark nothing hangs over the edge', async () => {
    const page = await as('dora', { width: 'narrow', scheme: 'dark' })
    await it.go(page, here())
    await page.getByRole('heading', { name: 'How it narrowed' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
    await it.shot(page, 'decision-narrow-dark')
  })

  test('opening the page is one look on record, not two', async () => {
    const looks = async (): Promise<number> =>
      (
        await bank.rt.db<{ n: number }[]>`
        select count(*)::int as n from trust.audit_entry where action = 'decide.decisions:explained'`
      )[0]!.n
    const before = await looks()
    const page = await as('dora')
    await it.go(page, here())
    await page.getByText('You put money aside 4 times this season').waitFor()
    await page.getByRole('heading', { name: 'How it narrowed' }).waitFor()
    await page.waitForLoadState('networkidle')
    expect(await looks()).toBe(before + 1)
  })

  test('each look is on record with who looked', async () => {
    const { body } = await it.http.call('GET', `/api/decide/decisions/${decisionId}`, { as: 'dora', query: COMPLAINT })
    expect(body.decisionId).toBe(decisionId)
    const [entry] = await bank.rt.db`
      select count(*)::int as looks from trust.audit_entry where action = 'decide.decisions:explained'`
    expect(entry!.looks).toBeGreaterThan(3)
  })
})
