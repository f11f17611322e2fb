import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'

describe.runIf(hasBrowser)(`what the bank may say${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  beforeAll(async () => {
    bank = await testBank()
    it = await browse(bank)
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
  const run = async () => {
    const { documents } = await smallPlaybook((all) => all)
    await runPlaybook(
      bank.rt,
      [...documents.values()].flatMap((ofKind) => [...ofKind.values()]),
    )
  }
  // What a browser says of every script it refused to a frame that may run none, also of the test's own.
  const complaints = () => it.complaints().filter((one) => !one.startsWith('Blocked script execution'))

  test('before a playbook runs, the page says what will be here', async () => {
    const page = await as('petra')
    await it.go(page, '/decide/propositions')
    await page.getByText('Nothing may be said yet').waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'propositions-empty')
    await run()
  })

  test('the tree leads from why the bank speaks to the action, with its counts', async () => {
    const page = await as('petra')
    await it.go(page, '/decide/propositions')
    await page.getByRole('heading', { name: 'Grow' }).waitFor()
    expect(complaints()).toEqual([])
    expect(await it.axe(page)).toEqual([])
    await page.getByRole('link', { name: 'Goal Saver' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('tab', { name: 'How it is put' }).waitFor()
  })

  test('the same as a list that can be filtered', async () => {
    const page = await as('petra')
    await it.go(page, '/decide/propositions?as=list')
    await page.getByLabel('Filter Propositions').fill('card')
    await page.getByText('1 of 5 rows').waitFor()
    expect(await it.axe(page)).toEqual([])
  })

  test('each message is read as a customer would, on every channel, with its figures', async () => {
    const page = await as('petra')
    await it.go(page, '/decide/propositions/actions/goal_saver')
    for (const channel of ['App', 'E-mail', 'Letter', 'SMS'])
      await page
        .getByRole('heading', { name: new RegExp(channel, 'i') })
        .first()
        .waitFor()
    await page.getByText(/1\.75/).first().waitFor()
    const mail = page.locator('iframe').first()
    expect(await mail.getAttribute('sandbox')).toBe('')
    await page.waitForFunction(() => document.querySelector('main .ui-skeleton') === null)
    await it.shot(page, 'action-previews')
    expect(complaints()).toEqual([])
    // Axe waits in vain for an answer from a frame that may run nothing.
    for (const frame of await page.locator('iframe').all()) await frame.evaluate((element) => element.remove())
    expect(await it.axe(page)).toEqual([])
  })

  test('who may hear it stands in words and as the rule, with the policy it comes from', async () => {
    const page = await as('petra')
    await it.go(page, '/decide/propositions/actions/premium_card?part=who')
    await page.getByText('customer.card_spend_month_minor >= 150000').waitFor()
    await page.getByText('The rules for credit').waitFor()
    expect(await it.axe(page)).toEqual([])
  })

  test('what it is worth, its cases and its outcome each have their place', async () => {
    const page = await as('petra')
    for (const [part, says] of [
      ['worth', 'To the bank, once taken up'],
      ['cases', /test case|Run at every check/],
      ['outcome', 'No outcome measures this action'],
    ] as const) {
      await it.go(page, `/decide/propositions/actions/goal_saver?part=${part}`)
      await page.getByText(says).first().waitFor()
      expect(await it.axe(page)).toEqual([])
    }
    expect(complaints()).toEqual([])
  })

  test('an action that was taken out is said so', async () => {
    const page = await as('petra')
    await it.go(page, '/decide/propositions/actions/gone')
    await page.getByText('The playbook that runs has no action gone').waitFor()
  })

  test('an address with the row of an action leads to it', async () => {
    const page = await as('petra')
    await it.go(page, '/decide/propositions?row=premium_card')
    await page.getByRole('tab', { name: 'Who may hear it' }).waitFor()
  })

  test('at 390 pixels in the dark nothing hangs over the edge', async () => {
    const page = await as('petra', { width: 'narrow', scheme: 'dark' })
    for (const path of ['/decide/propositions', '/decide/propositions/actions/goal_saver']) {
      await it.go(page, path)
      await page.waitForFunction(() => document.querySelector('main .ui-skeleton') === null)
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
    }
    await it.shot(page, 'action-narrow-dark')
  })
})
