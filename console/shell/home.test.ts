import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { PEOPLE } from '#test/http'
import { type Riverside, riverside } from '../../scenarios/traps/riverside.ts'

describe.runIf(hasBrowser)(`everybody's home page, at a bank of a thousand customers${notRunHere}`, () => {
  let bank: Riverside
  let it: Browsing
  beforeAll(async () => {
    bank = await riverside()
    it = await browse(bank.bank)
  })
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })

  const people = Object.keys(PEOPLE).filter((login) => !['otto', 'dunja'].includes(login))
  test.each(people)('%s finds what is theirs, and no line that leads to a page they may not see', async (login) => {
    const page = await it.open({ scheme: login < 'd' ? 'dark' : 'light' })
    await it.signIn(page, login)
    await it.go(page, '/')
    await page.locator('main .ui-panel').first().waitFor()
    await page.waitForFunction(() => document.querySelectorAll('main .ui-skeleton').length === 0)
    await it.shot(page, `home-${login}`)
    expect(await it.axe(page)).toEqual([])
    const addresses = await page
      .locator('nav a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')!))
    for (const address of addresses) {
      await page.locator(`nav a[href="${address}"]`).click()
      await page.waitForFunction(() => document.querySelector('main h1, main h2') !== null)
      expect(await page.locator('main').textContent()).not.toContain('This page is not for your role')
    }
    expect(it.complaints()).toEqual([])
  })
})
