import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere, type Scheme, type Width } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'

const ROWS = 10_000
const jobs = Array.from({ length: ROWS }, (_, at) => ({
  jobId: String(at + 1),
  name: at === 41 ? '=cmd' : `core_${at % 7}`,
  key: `file-${String(at).padStart(5, '0')}`,
  state: ['done', 'done', 'waiting', 'failed'][at % 4],
  attempts: at,
  cancelAsked: false,
  progress: null,
  result: null,
  error: null,
  createdAt: new Date(Date.UTC(2026, 1, 1) + at * 60_000).toISOString(),
  endedAt: null,
}))

describe.runIf(hasBrowser)(`a list of ten thousand rows${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  let page: Page
  beforeAll(async () => {
    bank = await testBank()
    it = await browse(bank)
    page = await open()
  })
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })
  const open = async (options: { scheme?: Scheme; width?: Width } = {}): Promise<Page> => {
    const opened = await it.open(options)
    await it.signIn(opened, 'dag')
    await opened.route('**/api/platform/jobs', (route) => route.fulfill({ json: { jobs } }))
    await it.go(opened, '/platform/jobs')
    await opened.getByText('10,000 rows').waitFor()
    return opened
  }
  const firstCell = (of = page) => of.locator('[role=row][aria-rowindex="2"] [role=gridcell]').first()

  test('draws only those in sight, and tells a screen reader how many there are', async () => {
    expect(await page.locator('[role=row]').count()).toBeLessThan(80)
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('10001')
    await it.shot(page, 'table-crowded')
    expect(await it.axe(page)).toEqual([])
  })

  // How long a frame takes is measured by `clientele bench console`, on a quiet machine.
  test('scrolls from end to end with few rows drawn', async () => {
    const drawn = await page.evaluate(async () => {
      const grid = document.querySelector('[role=grid]')!
      let drawn = 0
      for (let step = 0; step <= 120; step++) {
        grid.scrollTop = (grid.scrollHeight / 120) * step
        await new Promise((resolve) => requestAnimationFrame(resolve))
        drawn = Math.max(drawn, grid.querySelectorAll('[role=row]').length)
      }
      return drawn
    })
    expect(drawn).toBeLessThan(80)
  })

  test('is walked with arrow keys, from the first row to the last, and a row explains itself at the side', async () => {
    const grid = page.getByRole('grid')
    await grid.focus()
    await page.keyboard.press('End')
    await page.locator('[role=row][aria-rowindex="10001"][data-active]').waitFor()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const side = page.locator('aside')
    await side.getByText('file-09998').waitFor()
    expect(new URL(page.url()).searchParams.get('row')).toBe('9999')
    await it.shot(page, 'table-inspector')
    await grid.focus()
    await page.keyboard.press('ArrowDown')
    await side.getByText('file-09997').waitFor()
    await page.keyboard.press('Escape')
    await side.waitFor({ state: 'detached' })
  })

  test('is filtered by any words in any column, and the link to it shows the same', async () => {
    await page.getByLabel('Filter Jobs').fill('core_3 00010')
    await page.getByText('1 of 10,000 rows').waitFor()
    const other = await it.open()
    await it.signIn(other, 'dag')
    await other.route('**/api/platform/jobs', (route) => route.fulfill({ json: { jobs } }))
    await other.goto(page.url())
    await other.getByText('1 of 10,000 rows').waitFor()
    await page.getByLabel('Filter Jobs').fill('no such thing')
    await page.getByText('No row fits the filter').waitFor()
    await it.shot(page, 'table-no-match')
    await page.getByLabel('Filter Jobs').fill('')
    await page.getByText('10,000 rows').waitFor()
  })

  test('is sorted by a column both ways', async () => {
    const header = page.getByRole('columnheader', { name: 'Attempts' }).first()
    await header.getByRole('button').click()
    await page.waitForFunction(() =>
      document.querySelector('[role=row][aria-rowindex="2"]')?.textContent?.includes('file-00000'),
    )
    expect(await header.getAttribute('aria-sort')).toBe('ascending')
    await header.getByRole('button').click()
    await page.waitForFunction(() =>
      document.querySelector('[role=row][aria-rowindex="2"]')?.textContent?.includes('file-09999'),
    )
    expect(await firstCell().textContent()).toBe('core_3')
  })

  test('is exported as it is filtered, and no cell is a formula in a spreadsheet', async () => {
    await page.getByLabel('Filter Jobs').fill('cmd')
    await page.getByText('1 of 10,000 rows').waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export as CSV' }).first().click(),
    ])
    const lines = readFileSync(await download.path(), 'utf8').split('\r\n')
    expect(lines[0]).toContain('Job,About,State')
    expect(lines[1]).toMatch(/^"'=cmd",file-00041,/)
    await page.getByLabel('Filter Jobs').fill('')
  })

  test('keeps a view under a name, and a column that is hidden stays hidden in it', async () => {
    await page.getByRole('button', { name: 'Columns' }).first().click()
    await page.getByRole('menuitemcheckbox', { name: 'About' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('columnheader', { name: 'About' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Saved views' }).first().click()
    await page.getByLabel('Name of this view').fill('Without what it is about')
    await page.getByLabel('For everybody in my role').check()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Without what it is about' }).waitFor()
    await it.shot(page, 'table-views')
    await page.keyboard.press('Escape')
    await it.go(page, '/platform/jobs')
    await page.getByRole('columnheader', { name: 'About' }).waitFor()
    await page.getByRole('button', { name: 'Saved views' }).first().click()
    await page.getByRole('menuitem', { name: 'Without what it is about' }).click()
    await page.getByRole('columnheader', { name: 'About' }).waitFor({ state: 'detached' })
    const other = await it.open()
    await it.signIn(other, 'dunja')
    await it.go(other, '/platform/jobs')
    await other.getByRole('button', { name: 'Saved views' }).first().click()
    await other.getByRole('menuitem', { name: 'Without what it is about, by dag' }).waitFor()
  })

  test.each<[Scheme, Width]>([
    ['dark', 'wide'],
    ['light', 'narrow'],
    ['dark', 'narrow'],
  ])('is usable in %s and %s', async (scheme, width) => {
    const other = await open({ scheme, width })
    await it.shot(other, `table-${scheme}-${width}`)
    expect(await other.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
    await firstCell(other).click()
    await other.getByText('file-09999').last().waitFor()
    await other.waitForTimeout(200)
    await it.shot(other, `table-inspector-${scheme}-${width}`)
    expect(await it.axe(other)).toEqual([])
  })
})
