import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'

describe.runIf(hasBrowser)(`the console's shell${notRunHere}`, () => {
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

  test('somebody who is not known is asked to sign in', async () => {
    const page = await it.open()
    await it.go(page, '/know/sources')
    expect(await page.locator('h1').textContent()).toBe('Sign in')
    expect(it.complaints()).toEqual([])
    await it.shot(page, 'sign-in')
    expect(await it.axe(page)).toEqual([])
  })

  test('the duty manager sees the feeds at the address that was asked for', async () => {
    const page = await it.open()
    await it.signIn(page, 'dag')
    await it.go(page, '/know/sources')
    expect(await page.locator('h1').textContent()).toBe('Feeds')
    await page.getByText('No feed has come yet').waitFor()
    expect(it.complaints()).toEqual([])
    await it.shot(page, 'feeds-empty')
    expect(await it.axe(page)).toEqual([])
  })
})
