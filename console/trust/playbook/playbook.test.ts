import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobs } from '#app/modules'
import { runDue } from '#platform/jobs'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'
import { activeRevision, documentOf, type Follower, followPlaybook } from '#trust/playbook'

describe.runIf(hasBrowser)(`the playbook on screen${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  let server: Follower
  let draft = ''
  let undoing = ''

  beforeAll(async () => {
    bank = await testBank()
    it = await browse(bank)
    const { documents } = await smallPlaybook((all) => all.filter((one) => one.kind !== 'experiment'))
    await runPlaybook(
      bank.rt,
      [...documents.values()].flatMap((ofKind) => [...ofKind.values()]),
    )
    // Every second of forty customers has saved often enough for the stricter rule.
    const { db } = bank.rt
    await db`insert into know.customer (customer_id, birth_on, branch_code) select n, '1990-05-05', '0017' from generate_series(1, 40) n`
    await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
             select n, n, 'everyday', 'EUR', '2020-01-01',
                    jsonb_build_object('small_savings', case when n % 2 = 0 then 4 else 3 end, 'surplus', 9000) from generate_series(1, 40) n`
    await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
             select n, n, 'owner', 'sole', 10000, '2020-01-01', n from generate_series(1, 40) n`
    server = await followPlaybook(bank.rt, { name: 'counter-hall' })
  })
  afterAll(async () => {
    await server?.close()
    await it?.close()
    await bank?.close()
  })

  const as = async (login: string, path: string): Promise<Page> => {
    const page = await it.open()
    await it.signIn(page, login)
    await it.go(page, path)
    return page
  }
  /** Every width and colour of a page is clean, and its picture is kept. */
  const shown = async (name: string, login: string, path: string, ready: string): Promise<void> => {
    for (const scheme of ['light', 'dark'] as const)
      for (const width of ['wide', 'narrow'] as const) {
        const page = await it.open({ scheme, width })
        await it.signIn(page, login)
        await it.go(page, path)
        await page.getByText(ready).first().waitFor()
        expect(await it.axe(page), `${name} ${scheme} ${width}`).toEqual([])
        await it.shot(page, `playbook-${name}-${scheme}-${width}`)
        await page.context().close()
      }
  }
  const runsNow = async (): Promise<string> =>
    JSON.stringify(documentOf(await activeRevision(bank.rt), 'policy', 'goal_saver'))

  test('before anybody changes anything, the page offers the first draft', async () => {
    await shown('empty', 'sofia', '/trust/playbook', 'Nobody changes anything now')
  })

  test('Sofia begins a draft and asks for four small savings instead of three, by keyboard alone', async () => {
    const page = await as('sofia', '/trust/playbook')
    await page.getByRole('button', { name: 'Begin a draft' }).first().focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type('Fewer, better Goal Saver offers')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Those who save three times rarely open one.')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('This draft changes nothing yet').waitFor()
    draft = new URL(page.url()).pathname
    await page.getByRole('button', { name: 'Change a document' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type('Who is offered a Goal')
    await page.getByRole('option', { name: /Who is offered a Goal Saver/ }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Edit' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Title', exact: true }).waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'playbook-editor-form')
    await page.getByText('Text', { exact: true }).click()
    const text = page.getByLabel('The document in YAML')
    await text.fill((await text.inputValue()).replace('>= 3', '>= "three"'))
    await page
      .getByRole('button', { name: /Go to line/ })
      .first()
      .waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'playbook-editor-error')
    await text.fill((await text.inputValue()).replace('>= "three"', '>= 4'))
    await page.getByText('no errors, 3 warnings').waitFor()
    await page.getByRole('button', { name: 'Save in the draft' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('Saved.', { exact: true }).waitFor()
    expect(it.complaints()).toEqual([])
  })

  test('the draft shows what it changes, in words and as text, and that its checks hold', async () => {
    const page = await as('sofia', draft)
    await page.getByText('Applicability › saves small sums › admits').waitFor()
    await page.getByText('3 warnings', { exact: true }).waitFor()
    await page.getByText('As text', { exact: true }).click()
    await page.getByText('admits: customer.small_savings_90d >= 4').waitFor()
    expect(await it.axe(page)).toEqual([])
  })

  test('the effect over the whole base: twenty of forty would be offered nothing, as a picture and as a table', async () => {
    const page = await as('sofia', draft)
    await page.getByRole('button', { name: 'Try the whole base' }).click()
    await page.getByText('Waits for its turn').waitFor()
    await runDue(bank.rt, jobs)
    await page.getByText(/20 of 40 customers/).waitFor()
    await page.locator('canvas, svg[width]').first().waitFor()
    await page.getByText('Table', { exact: true }).click()
    await page.getByRole('rowheader', { name: 'Open a Goal Saver' }).first().waitFor()
    expect(await it.axe(page)).toEqual([])
    await shown('draft', 'sofia', draft + new URL(page.url()).search, '20 of 40 customers')
  })

  test('Sofia asks for a review; she herself cannot approve what she wrote', async () => {
    const page = await as('sofia', draft)
    await page.getByText('You wrote in this draft, so another person approves it.').waitFor()
    await page.getByRole('button', { name: 'Ask for a review' }).click()
    await page.getByText('asked for a review').waitFor()
    expect(await page.getByRole('button', { name: 'Approve', exact: true }).count()).toBe(0)
  })

  test('Otto finds it on his home page, approves it, sees every server get ready, and activates it', async () => {
    const page = await as('otto', '/')
    await page.getByRole('link', { name: 'Fewer, better Goal Saver offers' }).click()
    await page.getByRole('button', { name: 'Approve', exact: true }).waitFor()
    await it.shot(page, 'playbook-approve')
    await page.getByRole('button', { name: 'Approve', exact: true }).click()
    await page.getByText('counter-hall').waitFor()
    await page.getByText('ready', { exact: true }).waitFor()
    expect(await it.axe(page)).toEqual([])
    await page.getByRole('button', { name: 'Activate' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Activate' }).click()
    await page.getByText('This draft runs as revision 2.').waitFor()
    await it.shot(page, 'playbook-runs')
    expect(await runsNow()).toContain('customer.small_savings_90d >= 4')
    expect(it.complaints()).toEqual([])
  })

  test('the change is taken back: its inverse is a draft that a second person approves', async () => {
    const petra = await as('petra', '/trust/playbook?tab=history')
    await petra.getByText('Fewer, better Goal Saver offers').click()
    await petra.getByRole('button', { name: 'Undo this change' }).click()
    await petra.getByRole('dialog').getByLabel('Reason').fill('Complaints from branches.')
    await petra.getByRole('dialog').getByRole('button', { name: 'Make the draft' }).click()
    await petra.getByRole('heading', { name: 'Undo: Fewer, better Goal Saver offers' }).waitFor()
    undoing = new URL(petra.url()).pathname
    const otto = await as('otto', undoing)
    await otto.getByRole('button', { name: 'Approve', exact: true }).click()
    await otto.getByText('ready', { exact: true }).waitFor()
    await otto.getByRole('button', { name: 'Activate' }).click()
    await otto.getByRole('dialog').getByRole('button', { name: 'Activate' }).click()
    await otto.getByText('This draft runs as revision 3.').waitFor()
    expect(await runsNow()).toContain('customer.small_savings_90d >= 3')
    await shown('history', 'bertil', '/trust/playbook?tab=history', 'takes back 2')
  })

  test('two people edit the same document: the second is told who and when, sees both, and loses nothing', async () => {
    const { body } = await it.http.call('POST', '/api/trust/playbook/drafts', {
      as: 'sofia',
      body: { title: 'A warmer tone', reason: 'Spring.' },
    })
    const address = `/trust/playbook/drafts/${body.draftId}/action/goal_saver`
    const sofia = await as('sofia', address)
    const petra = await as('petra', address)
    for (const page of [sofia, petra]) await page.getByRole('textbox', { name: 'Title', exact: true }).waitFor()
    await petra.getByRole('textbox', { name: 'Title', exact: true }).fill('Save for what you want')
    await petra.getByRole('button', { name: 'Save in the draft' }).click()
    await petra.getByText('Saved.', { exact: true }).waitFor()
    await sofia.getByRole('textbox', { name: 'Title', exact: true }).fill('Start a Goal Saver')
    await sofia.getByRole('button', { name: 'Save in the draft' }).click()
    const told = sofia.getByRole('region', { name: /petra changed this document/ })
    await told.waitFor()
    await told.getByText('title: Save for what you want').waitFor()
    await told.getByText('title: Start a Goal Saver').waitFor()
    expect(await it.axe(sofia)).toEqual([])
    await it.shot(sofia, 'playbook-two-people')
    await told.getByRole('button', { name: 'Save mine over theirs' }).click()
    await sofia.getByText('Saved.', { exact: true }).waitFor()
    expect(it.complaints()).toEqual([])
  })

  test('a half-written document outlives a lost connection and a closed window', async () => {
    const { body } = await it.http.call('POST', '/api/trust/playbook/drafts', {
      as: 'sofia',
      body: { title: 'Half a thought', reason: 'Later.' },
    })
    const address = `/trust/playbook/drafts/${body.draftId}/action/premium_card`
    const page = await as('sofia', address)
    await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Half a tit')
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Save in the draft' }).click()
    await page.getByText('The bank’s server was not reached.').first().waitFor()
    expect(await page.getByRole('textbox', { name: 'Title', exact: true }).inputValue()).toBe('Half a tit')
    await page.context().setOffline(false)
    const again = await page.context().newPage()
    await page.close()
    await again.goto(address)
    await again.getByText(/had not saved is back/).waitFor()
    expect(await again.getByRole('textbox', { name: 'Title', exact: true }).inputValue()).toBe('Half a tit')
    await again.getByRole('button', { name: 'Save in the draft' }).click()
    await again.getByText('Saved.', { exact: true }).waitFor()
    it.complaints()
  })

  test('a half-written document outlives a session that ends: whoever wrote it signs in over it and goes on', async () => {
    const { body } = await it.http.call('POST', '/api/trust/playbook/drafts', {
      as: 'sofia',
      body: { title: 'A long morning', reason: 'Later.' },
    })
    const page = await as('sofia', `/trust/playbook/drafts/${body.draftId}/action/money_checkup`)
    await page.getByRole('textbox', { name: 'Title', exact: true }).fill('A check-up for your money')
    await page.context().clearCookies()
    // The page may notice by itself before it is asked to save.
    const save = page.getByRole('button', { name: 'Save in the draft' })
    await save.click({ timeout: 3000 }).catch(() => {})
    await page.getByText('You were signed out').waitFor()
    await it.shot(page, 'playbook-signed-out')
    expect(await page.getByRole('textbox', { name: 'Title', exact: true }).inputValue()).toBe(
      'A check-up for your money',
    )
    await it.signIn(page, 'sofia')
    await page.evaluate(() => window.dispatchEvent(new Event('focus')))
    await page.getByText('You were signed out').waitFor({ state: 'detached' })
    const address = `/api/trust/playbook/drafts/${body.draftId}/documents/action/money_checkup`
    await expect
      .poll(
        async () => {
          if (await save.isEnabled()) await save.click({ timeout: 1000 }).catch(() => {})
          return (await it.http.call('GET', address, { as: 'sofia' })).body.draft?.text ?? ''
        },
        { timeout: 30_000 },
      )
      .toContain('A check-up for your money')
    it.complaints()
  })

  test('a document says who uses it and every version that ran', async () => {
    await shown('document', 'bertil', '/trust/playbook/documents/policy/goal_saver', 'Complaints from branches.')
    await shown('crowded', 'sofia', '/trust/playbook', 'A long morning')
  })
})
