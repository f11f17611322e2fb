import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere, type Scheme, type Width } from '#test/browser'
import { type Riverside, riverside } from '../../../scenarios/traps/riverside.ts'

describe.runIf(hasBrowser)(`the pulse of a bank of a thousand customers${notRunHere}`, () => {
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

  test('who has left is told beside the customers, not counted among them', async () => {
    const [stages] = await bank.bank.rt.db<{ customers: string; former: string }[]>`
      select count(*) filter (where stage = 'customer') as customers, count(*) filter (where stage = 'former') as former
        from know.customer`
    expect(Number(stages!.former)).toBeGreaterThan(1)
    const page = await it.open()
    await it.signIn(page, 'bertil')
    await it.go(page, '/learn/pulse')
    const know = page.locator('.pulse-station').first()
    await know.getByText(`${stages!.former} more have left`).waitFor()
    expect(await know.locator('.pulse-station-value').textContent()).toBe(
      Number(stages!.customers).toLocaleString('en-GB'),
    )
  })

  test('a decision asked for by the app is on the page within two seconds, without loading it again', async () => {
    const page = await it.open()
    await it.signIn(page, 'sofia')
    await it.go(page, '/learn/pulse')
    await page.getByText('Live', { exact: true }).waitFor()
    const decide = page.locator('.pulse-station').nth(1)
    expect(await decide.textContent()).toContain('0decisions')
    for (const customer of ['C0000001', 'C0000002', 'C0000003']) await bank.shownTo(customer).catch(() => [])
    const known = await bank.bank.rt.db`select customer_id from know.customer order by 1 limit 5`
    for (const { customer_id } of known)
      await it.http.call('POST', '/api/decide/decisions', {
        as: it.http.key,
        body: { customerId: Number(customer_id), channel: 'app', placement: 'app_home' },
      })
    await page.waitForFunction(
      () => !document.querySelectorAll('.pulse-station')[1]?.textContent?.includes('0decisions'),
      undefined,
      { timeout: 20_000 },
    )
    // The picture of the minutes is read with the keys alone, and by whoever only hears it.
    const minutes = page.getByRole('slider', { name: 'Decisions a minute' })
    await minutes.waitFor()
    await minutes.focus()
    await page.keyboard.press('Home')
    await page.locator('.ui-readout', { hasText: 'Something to say' }).waitFor()
    expect(await minutes.getAttribute('aria-valuenow')).toBe('1')
    await page.keyboard.press('ArrowRight')
    expect(await minutes.getAttribute('aria-valuenow')).toBe('2')
    const heard = await minutes.getAttribute('aria-valuetext')
    expect(heard).toMatch(/^\d\d:\d\d: Something to say 0, Nothing to say 0$/)
    expect(await page.locator('.ui-readout', { hasText: 'Something to say' }).textContent()).toContain(
      heard!.slice(0, 5),
    )
    await page.keyboard.press('Escape')
    await page.locator('.ui-readout', { hasText: 'Something to say' }).waitFor({ state: 'detached' })
    expect(it.complaints()).toEqual([])
  })

  test.each<[Scheme, Width]>([
    ['light', 'wide'],
    ['dark', 'wide'],
    ['light', 'narrow'],
    ['dark', 'narrow'],
  ])('in %s and %s nothing is found by axe, and nothing sticks out', async (scheme, width) => {
    const page = await it.open({ scheme, width })
    await it.signIn(page, 'sofia')
    for (const path of ['/learn/pulse', '/']) {
      await it.go(page, path)
      await page.locator('.pulse-station').first().waitFor()
      await page.waitForTimeout(400)
      await it.shot(page, `${path === '/' ? 'home' : 'pulse'}-${scheme}-${width}`)
      expect(await it.axe(page)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
    }
    expect(it.complaints()).toEqual([])
  })
})
