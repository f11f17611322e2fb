import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { stopsNow } from '#trust/stops'

describe.runIf(hasBrowser)(`the emergency stop, on screen${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  beforeAll(async () => {
    bank = await testBank()
    it = await browse(bank)
    await runPlaybook(bank.rt, [])
  })
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })

  const shown = async (name: string, login: string, path: string): Promise<void> => {
    for (const scheme of ['light', 'dark'] as const)
      for (const width of ['wide', 'narrow'] as const) {
        const page = await it.open({ scheme, width })
        await it.signIn(page, login)
        await it.go(page, path)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.locator('.ui-skeleton').first().waitFor({ state: 'detached' })
        expect(await it.axe(page), `${name} ${scheme} ${width}`).toEqual([])
        await it.shot(page, `stops-${name}-${scheme}-${width}`)
        await page.context().close()
      }
  }

  test('nothing is stopped: the page says so, and offers the duty manager the brake', async () => {
    await shown('empty', 'dag', '/trust/stops')
  })

  test('the duty manager stops everything by keyboard alone: the word typed, the reason kept, within ten seconds', async () => {
    const page = await it.open()
    await it.signIn(page, 'dag')
    await it.go(page, '/trust/stops')
    await page.getByRole('button', { name: 'Stop something' }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'stops-dialog')
    await dialog.getByLabel('Action', { exact: true }).focus()
    for (let at = 0; at < 3; at++) await page.keyboard.press('ArrowDown')
    expect(await dialog.getByLabel('Everything').isChecked()).toBe(true)
    await page.keyboard.press('Tab')
    await page.keyboard.type('A wrong rate stands in the spring letter.')
    expect(await dialog.getByRole('button', { name: 'Stop now' }).isDisabled()).toBe(true)
    await page.keyboard.press('Tab')
    await page.keyboard.type('STOP')
    const pressed = Date.now()
    await page.keyboard.press('Enter')
    await page.getByRole('status').filter({ hasText: 'Everything is stopped' }).waitFor()
    expect(Date.now() - pressed).toBeLessThan(10_000)
    expect((await stopsNow(bank.rt.db)).everything).toBe(true)
  })

  test('everybody sees it on every page, with who and why', async () => {
    const page = await it.open()
    await it.signIn(page, 'riya')
    await it.go(page, '/')
    const banner = page.getByRole('status').filter({ hasText: 'Everything is stopped' })
    await banner.waitFor()
    expect(await banner.textContent()).toContain('A wrong rate stands in the spring letter.')
    // Names come when everything else stands.
    await banner.filter({ hasText: 'dag' }).waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'stops-banner-home')
  })

  test('the page with a stop in force can be shown', async () => {
    await shown('one', 'dag', '/trust/stops')
  })

  test('starting again takes two: who proposed it cannot confirm it, a colleague can', async () => {
    const dag = await it.open()
    await it.signIn(dag, 'dag')
    await it.go(dag, '/trust/stops')
    await dag.getByRole('button', { name: 'Propose to start again' }).click()
    await dag.getByRole('dialog').getByLabel('Reason').fill('The letter is mended.')
    await dag.getByRole('dialog').getByRole('button', { name: 'Propose' }).click()
    await dag.getByText('Another person has to confirm it.').waitFor()
    expect(await dag.getByRole('button', { name: 'Confirm and start again' }).count()).toBe(0)

    const dunja = await it.open()
    await it.signIn(dunja, 'dunja')
    await it.go(dunja, '/trust/stops')
    await dunja.getByRole('button', { name: 'Confirm and start again' }).click()
    await dunja.getByRole('dialog').getByRole('button', { name: 'Start again' }).click()
    await dunja.getByText('Nothing is stopped').waitFor()
    await dunja.getByRole('grid').getByText('Everything').waitFor()
    expect((await stopsNow(bank.rt.db)).everything).toBe(false)
    expect(it.complaints()).toEqual([])
  })
})
