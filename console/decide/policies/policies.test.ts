import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'

describe.runIf(hasBrowser)(`which rule holds for what${notRunHere}`, () => {
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

  test('before a playbook runs, the page says what will be here', async () => {
    const page = await as('sofia')
    await it.go(page, '/decide/policies')
    await page.getByText('No policy yet').waitFor()
    expect(await it.axe(page)).toEqual([])
    const { documents } = await smallPlaybook((all) => all)
    await runPlaybook(
      bank.rt,
      [...documents.values()].flatMap((ofKind) => [...ofKind.values()]),
    )
  })

  test('a meeting of action and channel opens the rules that hold there, by keyboard', async () => {
    const page = await as('sofia')
    await it.go(page, '/decide/policies')
    await page.getByRole('button', { name: /Goal Saver on E-?mail/i }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Caps that count it' }).waitFor()
    await page
      .getByText('At least three small savings')
      .or(page.getByText('Policies that hold for it'))
      .first()
      .waitFor()
    expect(it.complaints()).toEqual([])
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'policies-matrix')
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'Caps that count it' }).waitFor({ state: 'detached' })
  })

  test('Back closes what was opened on the page, and only then leaves it', async () => {
    const page = await as('sofia')
    await it.go(page, '/decide/propositions')
    await page.getByRole('link', { name: 'Policies' }).click()
    await page.getByRole('heading', { name: 'Policies', level: 1 }).waitFor()
    await page.getByRole('button', { name: /Goal Saver on E-?mail/i }).click()
    await page.getByRole('heading', { name: 'Caps that count it' }).waitFor()
    // Another one beside it is looked at in its place.
    await page.getByRole('button', { name: /Goal Saver on App/i }).click()
    await page.waitForURL(/cell=goal_saver\.app/)
    await page.goBack()
    await page.getByRole('heading', { name: 'Caps that count it' }).waitFor({ state: 'detached' })
    expect(new URL(page.url()).pathname).toBe('/decide/policies')
    await page.goBack()
    await page.getByRole('heading', { name: 'Propositions', level: 1 }).waitFor()
    expect(it.complaints()).toEqual([])
  })

  test('a service message says that caps and rests do not hold for it', async () => {
    const page = await as('sofia')
    await it.go(page, '/decide/policies?cell=low_balance.app')
    await page.getByText('Caps and rests hold for marketing').waitFor()
  })

  test('policies, caps, rests and hours each have their place', async () => {
    const page = await as('sofia')
    for (const [part, says] of [
      ['who', 'Relevant now?'],
      ['often', 'Contact caps'],
      ['when', 'When a channel may speak up'],
    ] as const) {
      await it.go(page, `/decide/policies?part=${part}`)
      await page.getByText(says).first().waitFor()
      expect(await it.axe(page)).toEqual([])
    }
    expect(it.complaints()).toEqual([])
  })

  test('at 390 pixels in the dark only the matrix scrolls', async () => {
    const page = await as('sofia', { width: 'narrow', scheme: 'dark' })
    await it.go(page, '/decide/policies')
    await page.getByRole('link', { name: 'Goal Saver' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
    await it.shot(page, 'policies-narrow-dark')
  })
})
