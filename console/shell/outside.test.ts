import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { type IdentityProvider, identityProvider } from '#test/identity-provider'
import { freePort } from '#test/scratch'

describe.runIf(hasBrowser)(`signing in with the bank's own account${notRunHere}`, () => {
  let provider: IdentityProvider
  let bank: TestBank
  let it: Browsing
  beforeAll(async () => {
    const port = await freePort()
    const publicUrl = `http://127.0.0.1:${port}`
    provider = await identityProvider({ sendsBackTo: publicUrl, asks: true })
    bank = await testBank({
      overrides: {
        http: { publicUrl },
        access: {
          ...provider.settings,
          oidcGroups: { 'crm-managers': 'relationship_manager', 'branch-17': 'branch:17' },
        },
      },
    })
    it = await browse(bank, { port })
  })
  afterAll(async () => {
    await it?.close()
    await bank?.close()
    await provider?.close()
  })

  /** From the sign-in page to the provider's, where one says yes or no. */
  const leave = async (path: string, say: 'Go on as' | 'Refuse') => {
    const page = await it.open()
    await it.go(page, path)
    await page.getByRole('link', { name: 'Sign in with the bank’s account' }).click()
    await page.getByRole('heading', { name: 'The bank’s account' }).waitFor()
    expect(new URL(page.url()).origin).toBe(provider.issuer)
    await page.getByRole('link', { name: say }).click()
    return page
  }

  test('the button leads to the provider’s page and back, to the page that was asked for, as that person', async () => {
    const page = await leave('/know/segments?q=young', 'Go on as')
    await page.getByRole('heading', { name: 'Segments', level: 1 }).waitFor()
    expect(page.url()).toBe(`${it.url}/know/segments?q=young`)
    await page.getByRole('button', { name: 'You: Riya Sharma' }).waitFor()
    expect(it.complaints()).toEqual([])
  })

  test('whoever refuses there is told on the sign-in page, and can still sign in to the page asked for', async () => {
    const page = await leave('/know/segments', 'Refuse')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.getByRole('alert').textContent()).toContain('was not completed. Nothing was changed; begin again')
    expect(page.url()).toBe(`${it.url}/know/segments`)
    await it.shot(page, 'sign-in-refused')
    expect(await it.axe(page)).toEqual([])
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  test('a person none of whose groups has a role here is told so, and what to do', async () => {
    provider.account = { id: 'outside-2', name: 'Kurt Kantine', groups: ['canteen'] }
    const page = await leave('/', 'Go on as')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.getByRole('alert').textContent()).toContain('none of your groups has a role here. Ask')
    expect(await bank.rt.db`select 1 from trust.person where name = 'Kurt Kantine'`).toHaveLength(0)
    await it.shot(page, 'sign-in-no-role')
    expect(it.complaints()).toEqual([])
  })

  test('a person whose access was closed is told so', async () => {
    provider.account = { id: 'outside-1', name: 'Riya Sharma', groups: ['crm-managers'] }
    await bank.rt.db`insert into trust.person_closure (person_id, closed_at, closed_by, reason)
                     select person_id, ${bank.clock.now()}, 'test', 'left the bank' from trust.person where name = 'Riya Sharma'`
    const page = await leave('/', 'Go on as')
    await page.getByText('Your access to this system was closed.').waitFor()
  })

  test('while the provider is away, the sign-in page says so and the password still works', async () => {
    await provider.close()
    bank.clock.advanceMs(601_000)
    const page = await it.open()
    await it.go(page, '/')
    await page.getByRole('link', { name: 'Sign in with the bank’s account' }).click()
    await page.getByText('The bank’s own sign-in does not answer.').waitFor()
    expect(await page.getByLabel('Password', { exact: true }).count()).toBe(1)
  })
})
