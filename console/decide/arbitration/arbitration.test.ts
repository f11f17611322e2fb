import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refreshModel } from '#decide/arbitration'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'

describe.runIf(hasBrowser)(`in which order things are said, and who hears nothing${notRunHere}`, () => {
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

  test('before a playbook runs, both pages say what will be here', async () => {
    const page = await as('devi')
    await it.go(page, '/decide/arbitration')
    await page.getByRole('heading', { name: 'No playbook yet' }).waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.go(page, '/decide/experiments')
    await page.getByText('No experiment runs').waitFor()
    expect(await it.axe(page)).toEqual([])
    expect(it.complaints()).toEqual([])
    const { documents } = await smallPlaybook((all) => all)
    await runPlaybook(
      bank.rt,
      [...documents.values()].flatMap((ofKind) => [...ofKind.values()]),
    )
  })

  test('the formula of the score stands with each of its names in words', async () => {
    const page = await as('devi')
    await it.go(page, '/decide/arbitration')
    await page.getByText('How likely the customer takes it up').waitFor()
    expect(await it.axe(page)).toEqual([])
  })

  test('what was learned stands by treatment and channel, and day by day', async () => {
    const { db } = bank.rt
    await db`insert into decide.propensity (action, treatment, channel, offered, accepted, updated_at)
             values ('goal_saver', 'goal_saver_app', 'app', 400, 12, now())`
    await refreshModel(bank.rt)
    bank.clock.advanceMs(86_400_000)
    await db`update decide.propensity set offered = 900, accepted = 45`
    await refreshModel(bank.rt)
    const page = await as('devi')
    await it.go(page, '/decide/arbitration?part=learned')
    await page.getByRole('gridcell', { name: '5% of 900' }).waitFor()
    await page.getByRole('tab', { name: 'Learning over time' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('900 offers were seen and 45 taken up: 5%').waitFor()
    expect(it.complaints()).toEqual([])
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'arbitration-learning')
  })

  test('what was believed the evening before stands beside what came true', async () => {
    const page = await as('devi')
    await it.go(page, '/decide/arbitration?part=true')
    await page.getByText(/Of 500 offers seen .* 12 were expected .* and 33 were: \+21/).waitFor()
    await page.getByRole('gridcell', { name: 'more than believed' }).waitFor()
    expect(it.complaints()).toEqual([])
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'arbitration-calibration')
  })

  test('who is kept apart stands beside who is meant to be', async () => {
    const { db } = bank.rt
    await db`insert into decide.assignment (customer_id, experiment, period, arm, assigned_at)
             select n, 'global_control', '2026', case when n <= 30 then 'control' else 'treated' end, now()
               from generate_series(1, 1000) n`
    const page = await as('devi')
    await it.go(page, '/decide/experiments')
    await page.getByText('Of 1,000 customers drawn for 2026, 30 are kept apart: 3%, where 3% are meant.').waitFor()
    await page.getByText('The lot fell as it was meant to.').waitFor()
    expect(it.complaints()).toEqual([])
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'experiments')
  })

  test('at 390 pixels in the dark nothing hangs over the edge', async () => {
    const page = await as('devi', { width: 'narrow', scheme: 'dark' })
    for (const path of ['/decide/arbitration', '/decide/experiments']) {
      await it.go(page, path)
      await page.waitForFunction(() => document.querySelector('main .ui-skeleton') === null)
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
    }
  })
})
