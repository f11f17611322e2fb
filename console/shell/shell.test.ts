import type { Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere, type Scheme, type Width } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { changePassword, createPerson, signIn, systemActor } from '#trust/access'

const LOOKS: [Scheme, Width][] = [
  ['light', 'wide'],
  ['dark', 'wide'],
  ['light', 'narrow'],
  ['dark', 'narrow'],
]
const PASSWORD = 'the river is high in spring'
const SCRIPT = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'

describe.runIf(hasBrowser)(`the console's shell${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  let oneTime: string
  beforeAll(async () => {
    bank = await testBank()
    it = await browse(bank)
    const person = (login: string, name: string) =>
      createPerson(
        bank.rt,
        { login, name, roles: ['duty_manager'], units: [{ kind: 'bank', code: '*' }] },
        systemActor('test'),
      )
    oneTime = (await person('dagmar', 'Dagmar Olsen')).oneTimePassword
    const { oneTimePassword } = await person('petter', 'Petter Olsen')
    const { actor } = await signIn(bank.rt, { login: 'petter', password: oneTimePassword })
    await changePassword(bank.rt, { current: oneTimePassword, next: PASSWORD }, actor)
    await it.http.person('kim', { role: 'duty_manager' })
  })
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })

  const heading = (page: Page) => page.locator('h1').first().textContent()
  const type = async (page: Page, login: string, password: string): Promise<void> => {
    await page.getByLabel('Login').fill(login)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }
  /** Petter's sessions end, as they do after a pause. */
  const endSessions = async (): Promise<void> => {
    await bank.rt.db`update trust.session set ended_at = ${bank.clock.now()}
                      where person_id = (select person_id from trust.person where login = 'petter')`
    await new Promise((resolve) => setTimeout(resolve, 1100)) // what a session opens is remembered for a second
  }
  const sticksOut = (page: Page): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)

  test('a wrong password is told as such, and what was typed stays', async () => {
    const page = await it.open()
    await it.go(page, '/know/sources')
    expect(await heading(page)).toBe('Sign in')
    await type(page, 'dagmar', 'not this one')
    await page.getByRole('alert').waitFor()
    expect(await page.getByLabel('Login').inputValue()).toBe('dagmar')
    await it.shot(page, 'sign-in-wrong')
  })

  test('the first sign-in asks for a password of one’s own, then leads to the page that was asked for', async () => {
    const page = await it.open()
    await it.go(page, '/know/sources')
    await type(page, 'dagmar', oneTime)
    await page.getByText('Choose a password of your own').waitFor()
    await it.shot(page, 'own-password')
    const fill = async (next: string, again: string): Promise<void> => {
      await page.getByLabel('Current password').fill(oneTime)
      await page.getByLabel('New password', { exact: true }).fill(next)
      await page.getByLabel('New password, again').fill(again)
      await page.getByRole('button', { name: 'Save', exact: true }).click()
    }
    await fill('short', 'short')
    await page.getByText('At least 12 characters.', { exact: true }).waitFor()
    await fill(PASSWORD, `${PASSWORD}s`)
    await page.getByText('The two are not the same.').waitFor()
    await fill(PASSWORD, PASSWORD)
    await page.getByRole('heading', { name: 'Feeds' }).waitFor()
    expect(it.complaints()).toEqual([])
  })

  test('where the bank has an identity provider, its button leads there', async () => {
    const page = await it.open()
    await page.route('**/ways-in', (route) => route.fulfill({ json: { password: true, outside: true } }))
    await it.go(page, '/')
    const button = page.getByRole('link', { name: 'Sign in with the bank’s account' })
    expect(await button.getAttribute('href')).toBe('/api/trust/access/outside')
    await it.shot(page, 'sign-in-outside')
    expect(await it.axe(page)).toEqual([])
  })

  test('a session that ends under a half-written form takes nothing: one signs in over it and the change is made', async () => {
    const page = await it.open()
    await it.go(page, '/know/sources')
    await type(page, 'petter', PASSWORD)
    await page.getByRole('heading', { name: 'Feeds' }).waitFor()
    await page.getByRole('button', { name: /^You: / }).click()
    await page.getByRole('menuitem', { name: 'Change password' }).click()
    await page.getByLabel('Current password').fill(PASSWORD)
    await page.getByLabel('New password', { exact: true }).fill(`${PASSWORD} again`)
    await page.getByLabel('New password, again').fill(`${PASSWORD} again`)
    await endSessions()
    // The page may notice by itself before it is asked to save.
    const save = page.getByRole('button', { name: 'Save', exact: true })
    await save.click({ timeout: 3000 }).catch(() => {})
    await page.getByText('You were signed out').waitFor()
    await it.shot(page, 'session-ended')
    expect(await it.axe(page)).toEqual([])
    expect(await page.getByLabel('New password, again').inputValue()).toBe(`${PASSWORD} again`)
    await type(page, 'petter', PASSWORD)
    await page.getByText('You were signed out').waitFor({ state: 'detached' })
    await save.click({ timeout: 3000 }).catch(() => {})
    await page.getByText('Your password is changed').waitFor()
    expect(await heading(page)).toBe('Feeds')
    await it.shot(page, 'session-renewed')
  })

  test('whoever signs in again in a second window is signed in in the first: neither ends the other', async () => {
    const again = `${PASSWORD} again`
    const first = await it.open()
    await it.go(first, '/know/sources')
    await type(first, 'petter', again)
    await first.getByRole('heading', { name: 'Feeds' }).waitFor()
    await first.getByRole('button', { name: /^You: / }).click()
    await first.getByRole('menuitem', { name: 'Change password' }).click()
    await first.getByLabel('Current password').fill(again)
    await first.getByLabel('New password', { exact: true }).fill(PASSWORD)
    await first.getByLabel('New password, again').fill(PASSWORD)
    await endSessions()
    const second = await first.context().newPage()
    await it.go(second, '/')
    await type(second, 'petter', again)
    await second.getByRole('heading', { name: /^Hello/ }).waitFor()
    // The first may have noticed the end before the second window was there.
    const asked = async (): Promise<number> => {
      await first.evaluate(() => window.dispatchEvent(new Event('focus')))
      return first.getByText('You were signed out').count()
    }
    await expect.poll(asked, { timeout: 20_000 }).toBe(0)
    await first.getByRole('button', { name: 'Save', exact: true }).click()
    await first.getByText('Your password is changed').waitFor()
    expect(await first.getByText('You were signed out').count()).toBe(0)
    await it.go(second, '/know/sources')
    await second.getByRole('heading', { name: 'Feeds' }).waitFor()
  })

  test('signing out ends the session, in the browser and at the server', async () => {
    const page = await it.open()
    await it.signIn(page, 'dunja')
    await it.go(page, '/')
    await page.getByRole('button', { name: /^You: / }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect((await page.request.get('/api/trust/access/me')).status()).toBe(401)
  })

  test('with the keyboard alone one skips to the page, walks the navigation and opens a page', async () => {
    const page = await it.open()
    await it.signIn(page, 'kim')
    await it.go(page, '/')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('page')
    for (let tab = 0; tab < 60; tab++) {
      await page.keyboard.press('Shift+Tab')
      const at = await page.evaluate(() => document.activeElement?.textContent)
      if (at === 'Feeds') break
    }
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Feeds' }).waitFor()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('page')
  })

  test('⌘K finds a page by a part of its title, and Enter goes there', async () => {
    const page = await it.open()
    await it.signIn(page, 'kim')
    await it.go(page, '/')
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Customers, actions, segments').waitFor()
    await page.keyboard.type('fee')
    await page.getByRole('button', { name: /^Feeds/ }).waitFor()
    await it.shot(page, 'search')
    expect(await it.axe(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Feeds' }).waitFor()
    expect(it.complaints()).toEqual([])
  })

  test('what is typed while the search is being loaded, Enter too, is not lost', async () => {
    const page = await it.open()
    await it.signIn(page, 'kim')
    await it.go(page, '/')
    const slow = async (route: Route): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 700))
      await route.continue()
    }
    await page.route(/search-[^/]*\.js/, slow)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('feexx')
    for (let key = 0; key < 2; key += 1) await page.keyboard.press('Backspace')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Feeds' }).waitFor()
    // Opened once more, it begins empty, and the page has its keys back.
    await page.keyboard.press('Control+k')
    const box = page.getByPlaceholder('Customers, actions, segments')
    await box.waitFor()
    expect(await box.inputValue()).toBe('')
    expect(it.complaints()).toEqual([])
  })

  test('a script stored in a name is shown as the text it is, and one put into the page is refused', async () => {
    await it.http.person('eve', { role: 'duty_manager', name: SCRIPT })
    const page = await it.open()
    await it.signIn(page, 'eve')
    await it.go(page, '/')
    await page.getByRole('button', { name: /^You: / }).click()
    await page.getByText(SCRIPT).first().waitFor()
    await it.shot(page, 'script-in-name')
    await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'window.hacked = 1'
      document.head.append(script)
      document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.hacked=1">')
    })
    await page.waitForTimeout(300)
    expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined()
    expect(it.complaints().some((said) => said.includes('Content Security Policy'))).toBe(true)
  })

  test('a very long name, and a language that runs from right to left, break nothing', async () => {
    const long = 'Абдурахманбековна-Тер-Арутюнянц '.repeat(8).trim()
    await it.http.person('abdu', { role: 'duty_manager', name: long })
    for (const width of ['wide', 'narrow'] as const) {
      const page = await it.open({ width })
      await it.signIn(page, 'abdu')
      await it.go(page, '/')
      await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'))
      expect(await sticksOut(page)).toBeLessThanOrEqual(0)
      await it.shot(page, `rtl-${width}`)
    }
  })

  test('at 390 pixels the navigation opens over the page and closes when one goes', async () => {
    const page = await it.open({ width: 'narrow' })
    await it.signIn(page, 'kim')
    await it.go(page, '/')
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.waitForTimeout(200)
    await it.shot(page, 'menu-narrow')
    expect(await it.axe(page)).toEqual([])
    await page.getByRole('link', { name: 'Feeds' }).click()
    await page.getByRole('heading', { name: 'Feeds' }).waitFor()
    expect(await sticksOut(page)).toBeLessThanOrEqual(0)
  })

  test.each(LOOKS)('axe finds nothing at the door and inside, %s and %s', async (scheme, width) => {
    const page = await it.open({ scheme, width })
    await it.go(page, '/')
    await it.shot(page, `door-${scheme}-${width}`)
    expect(await it.axe(page)).toEqual([])
    await it.signIn(page, 'kim')
    await it.go(page, '/know/sources')
    expect(await it.axe(page)).toEqual([])
    expect(await sticksOut(page)).toBeLessThanOrEqual(0)
  })

  test('without scripts the page says so', async () => {
    const page = await it.open({ scripts: false })
    await page.goto('/')
    expect(await page.locator('body').textContent()).toContain('Clientele needs JavaScript')
    await it.shot(page, 'no-scripts')
  })

  test('a lost connection is told at once and goes away by itself', async () => {
    const page = await it.open()
    await it.signIn(page, 'kim')
    await it.go(page, '/know/sources')
    await page.context().setOffline(true)
    await page.getByText('The connection to the bank’s server is lost').waitFor()
    await it.shot(page, 'lost')
    expect(await it.axe(page)).toEqual([])
    await page.context().setOffline(false)
    await page.getByText('The connection is back.').waitFor()
    await page.getByText('The connection to the bank’s server is lost').waitFor({ state: 'detached' })
    it.complaints()
  })

  test('an address that leads nowhere, and one that is not for one’s role, say so and lead home', async () => {
    await it.http.person('bea', { role: 'board_member' })
    const page = await it.open()
    await it.signIn(page, 'bea')
    await page.goto('/no/such/page')
    await page.getByText('There is no such page').waitFor()
    await page.goto('/know/sources')
    await page.getByText('This page is not for your role').waitFor()
    await it.shot(page, 'not-for-role')
    await page.getByRole('link', { name: 'Go to your home page' }).click()
    await page.getByRole('heading', { name: 'Hello bea' }).waitFor()
  })

  test('a page that stops says what was not lost, and the rest of the console goes on', async () => {
    const page = await it.open()
    await it.signIn(page, 'kim')
    await page.route('**/api/platform/jobs', (route) => route.fulfill({ json: { jobs: 7 } }))
    await page.goto('/platform/jobs')
    await page.getByText('This page stopped working').waitFor()
    await it.shot(page, 'stopped')
    await page.getByRole('link', { name: 'Home', exact: true }).click()
    await page.getByRole('heading', { name: 'Hello kim' }).waitFor()
    it.complaints()
  })

  test('a refusal of the server says what happened and can be tried again', async () => {
    const page = await it.open()
    await it.signIn(page, 'kim')
    const error = {
      kind: 'fault',
      code: 'unexpected',
      message: 'Something went wrong on our side; it has been recorded.',
      facts: {},
      next: 'Try again.',
    }
    let refuses = true
    await page.route('**/api/platform/jobs', (route) =>
      refuses
        ? route.fulfill({ status: 500, json: { error }, headers: { 'x-request-id': 'abc-1' } })
        : route.continue(),
    )
    await page.goto('/platform/jobs')
    await page.getByText('Request abc-1').waitFor()
    await it.shot(page, 'refused')
    expect(await it.axe(page)).toEqual([])
    refuses = false
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('Nothing ran yet').waitFor()
  })
})
