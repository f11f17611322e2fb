import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'

describe.runIf(hasBrowser)(`what customers read${notRunHere}`, () => {
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
  type Page = Awaited<ReturnType<typeof as>>
  const run = async () => {
    const { documents } = await smallPlaybook((all) =>
      all.map((one) =>
        one.kind === 'bank'
          ? { ...one, languages: ['en', 'de'] }
          : one.id === 'goal_saver_sms'
            ? {
                ...one,
                text: {
                  en: '{{ variables.name }}’s goal: put aside what is left of each month, as you do already, and see it grow in the app.',
                  de: '{{ variables.name }}, sparen Sie weiter auf Ihr Ziel.',
                },
                variables: { name: 'customer.given_name' },
              }
            : one,
      ),
    )
    await runPlaybook(bank.rt, [
      ...[...documents.values()].flatMap((ofKind) => [...ofKind.values()]),
      {
        kind: 'attribute',
        id: 'given_name',
        title: 'Given name',
        meaning: 'How the customer is addressed',
        type: 'string',
        default: 'Hello',
        source: { person: 'given_name' },
      },
    ])
  }
  // What a browser says of every script it refused to a frame that may run none, also of the test's own.
  const complaints = () => it.complaints().filter((one) => !one.startsWith('Blocked script execution'))
  const read = (page: Page) => page.waitForFunction(() => document.querySelector('main .ui-skeleton') === null)
  /** Axe waits in vain for an answer from a frame that may run nothing. */
  const axe = async (page: Page) => {
    for (const frame of await page.locator('iframe').all()) await frame.evaluate((element) => element.remove())
    return it.axe(page)
  }
  const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)

  test('before a playbook runs, the page says what will be here', async () => {
    const page = await as('petra')
    await it.go(page, '/engage/content')
    await page.getByText('The bank says nothing yet').waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'messages-empty')
    await run()
  })

  test('the list shows class, length and findings, and a message beside it as its customer reads it', async () => {
    const page = await as('carlos')
    await it.go(page, '/engage/content')
    await page.getByText('Goal Saver, SMS').click()
    await page.getByText(/’s goal: put aside/).waitFor()
    await page.getByText(/needs consent to SMS/).waitFor()
    await page.getByRole('combobox', { name: 'Read by' }).click()
    await page.getByRole('option', { name: 'A right-to-left name' }).click()
    await page.getByText(/عبد الرحمن’s goal/).waitFor()
    await page.getByText(/make each shorter/).waitFor()
    expect(await axe(page)).toEqual([])
    await it.shot(page, 'messages-inspector')
    await page.getByText('DE', { exact: true }).click()
    await page.getByText(/sparen Sie weiter/).waitFor()
    expect(complaints()).toEqual([])
  })

  test('as read: every message of a channel in its frame, filtered by what was found', async () => {
    const page = await as('carlos')
    await it.go(page, '/engage/content?as=read')
    await page.getByRole('heading', { name: 'Goal Saver, SMS' }).waitFor()
    await read(page)
    await it.shot(page, 'messages-read')
    expect(await axe(page)).toEqual([])
    await page.getByRole('searchbox', { name: 'Filter' }).fill('letter')
    await page.getByRole('heading', { name: 'Goal Saver, SMS' }).waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: 'Goal Saver, letter' }).waitFor()
    await it.go(page, '/engage/content?as=read&channel=app&findings=yes')
    await page.getByText('not in German').first().waitFor()
    expect(await page.getByRole('heading', { name: 'Goal Saver, SMS' }).count()).toBe(0)
    await it.go(page, '/engage/content?as=read&channel=app&class=none')
    await page.getByText('No message is like this').waitFor()
    expect(complaints()).toEqual([])
  })

  test('one message stands in each language with every made-up customer beside the other', async () => {
    for (const [scheme, width] of [
      ['light', 'wide'],
      ['dark', 'narrow'],
    ] as const) {
      const page = await as('petra', { scheme, width })
      await it.go(page, '/engage/content/goal_saver_sms')
      await page.getByText(/^Maximiliane-Charlotte Friederike’s/).waitFor()
      await page.getByText(/^Bo, sparen/).waitFor()
      await read(page)
      expect(await axe(page)).toEqual([])
      expect(await fits(page)).toBeLessThanOrEqual(0)
      await it.shot(page, `message-${scheme}-${width}`)
      await it.go(page, '/engage/content')
      await page.getByText('Goal Saver, SMS').waitFor()
      expect(await axe(page)).toEqual([])
      expect(await fits(page)).toBeLessThanOrEqual(0)
      await it.shot(page, `messages-${scheme}-${width}`)
    }
    const page = await as('petra')
    await it.go(page, '/engage/content/gone')
    await page.getByText('The playbook that runs has no treatment gone').waitFor()
    expect(complaints()).toEqual([])
  })
})
