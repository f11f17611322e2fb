import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'

describe.runIf(hasBrowser)(`what the data protection officer reads${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  beforeAll(async () => {
    bank = await testBank()
    it = await browse(bank)
    await runPlaybook(bank.rt, [])
    await bank.rt.db`
      insert into know.customer (customer_id, full_name, birth_on, email, branch_code, source) values
        (31, 'Elif Demir', '1985-04-01', 'elif@example.org', '17', 'core'),
        (32, 'Tom Demir', '1984-09-12', 'tom@example.org', '17', 'core')`
    const say = (customerId: number, channel: string, state: string) =>
      it.http.call('POST', `/api/trust/consents/${customerId}`, {
        as: 'arthur',
        body: { purpose: 'marketing', channel, state, evidence: { how: 'telephone call', said: '=HYPERLINK("x")' } },
      })
    await say(31, 'email', 'given')
    await say(31, 'call', 'withdrawn')
    await say(32, 'email', 'given')
    await it.http.call('GET', '/api/know/customers/31', { as: 'arthur' })
  })
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })

  const shown = async (name: string, login: string, path: string, ready: string | RegExp): Promise<void> => {
    for (const scheme of ['light', 'dark'] as const)
      for (const width of ['wide', 'narrow'] as const) {
        const page = await it.open({ scheme, width })
        await it.signIn(page, login)
        await it.go(page, path)
        await page.getByText(ready).first().waitFor()
        expect(await it.axe(page), `${name} ${scheme} ${width}`).toEqual([])
        await it.shot(page, `officer-${name}-${scheme}-${width}`)
        await page.context().close()
      }
    expect(it.complaints()).toEqual([])
  }

  test('how the whole base stands to the use of its data', async () => {
    await shown('consents', 'dora', '/trust/consents', /of 2 customers on record/)
  })

  test('one customer’s consents with everything that was said; an objection is recorded and binds at once', async () => {
    await shown('customer', 'dora', '/trust/consents/31', 'withdrawn')
    const page = await it.open()
    await it.signIn(page, 'dora')
    await it.go(page, '/trust/consents/31')
    await page.getByRole('button', { name: 'Record what they say' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'How' }).fill('letter of 2 March')
    expect(await it.axe(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Record' }).click()
    await page.getByRole('grid').getByText('letter of 2 March').waitFor()
    const { body } = await it.http.call('GET', '/api/trust/consents/31', { as: 'dora' })
    expect(body.marketing.email).toBe(false)
  })

  test('who did what and who looked at whom; the chain is checked and whole; the file is safe in a spreadsheet', async () => {
    await shown('audit', 'dora', '/trust/audit', 'viewed (customers)')
    const page = await it.open()
    await it.signIn(page, 'dora')
    await it.go(page, '/trust/audit?customerId=31&only=looks')
    await page.getByRole('grid').getByText('arthur').first().waitFor()
    await page.getByRole('button', { name: 'Check the chain' }).click()
    await page.getByText('none was deleted, changed, reordered or cut off').waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Enter')
    await page.getByText('Place in the chain').waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'officer-audit-verified')
    const file = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Export as CSV' }).click()
    expect((await file).suggestedFilename()).toBe('audit.csv')
  })

  test('the register of processing', async () => {
    await shown('privacy', 'dora', '/trust/privacy', 'hold personal data')
  })

  test('who may do what: people, keys and roles, without being able to change them', async () => {
    await shown('access', 'dora', '/trust/access', 'Data protection officer')
    await shown('roles', 'dora', '/trust/access?tab=roles', 'decide.arbitration:read')
    const page = await it.open()
    await it.signIn(page, 'dora')
    await it.go(page, '/trust/access')
    expect(await page.getByRole('button', { name: 'Let a person in' }).count()).toBe(0)
  })

  test('an administrator lets a person in and makes a key: each secret is shown once', async () => {
    const page = await it.open()
    await it.signIn(page, 'ada')
    await it.go(page, '/trust/access')
    await page.getByRole('button', { name: 'Let a person in' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Nora Lind')
    await dialog.getByRole('textbox', { name: 'Login' }).fill('nora.lind')
    await dialog.getByRole('textbox', { name: 'Answers for the customers of' }).fill('branch 17')
    expect(await it.axe(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Let in' }).click()
    const once = page.getByRole('textbox', { name: 'The password, once' })
    await once.waitFor()
    expect((await once.inputValue()).length).toBeGreaterThan(12)
    await it.shot(page, 'officer-password-once')
    await page.getByRole('button', { name: 'I have it' }).click()
    await page.getByRole('grid').getByText('Nora Lind').click()
    await page.getByText('Not signed in during the last week.').waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'officer-person')
    await it.go(page, '/trust/access?tab=keys')
    await page.getByRole('button', { name: 'Make a key' }).first().click()
    await dialog.getByRole('textbox', { name: 'Which system holds it' }).fill('The branch’s tablets')
    await dialog.getByRole('combobox', { name: 'May' }).fill('engage.inbound:a')
    await page.getByRole('option', { name: 'engage.inbound:ask' }).click()
    const units = dialog.getByRole('textbox', { name: 'Customers whom it concerns' })
    await units.fill('')
    await dialog.getByRole('button', { name: 'Make the key' }).click()
    await dialog.getByText('A key for nobody opens nothing').waitFor()
    await units.fill('branch 17\nteam north')
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'officer-key')
    await dialog.getByRole('button', { name: 'Make the key' }).click()
    const key = page.getByRole('textbox', { name: 'The key, once' })
    await key.waitFor()
    const said = await it.http.call('POST', '/api/engage/inbound/ask', {
      as: await key.inputValue(),
      body: { customerId: 999, placement: 'app_home' },
    })
    expect(said.status).toBe(404)
    await page.getByRole('button', { name: 'I have it' }).click()
    await page.getByRole('grid').getByText('branch 17, team north').waitFor()
    expect(it.complaints()).toEqual([])
  })
})
