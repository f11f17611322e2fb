import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'

const OUTCOME = {
  kind: 'outcome',
  id: 'goal_saver_opened',
  title: 'Goal Saver opened in 30 days',
  actions: ['goal_saver'],
  measure: { holdingOpened: ['goal_saver'] },
  withinDays: 30,
}

describe.runIf(hasBrowser)(`the board sees what contact changed${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  beforeAll(async () => {
    bank = await testBank({ startsAt: '2026-06-01T08:00:00Z' })
    it = await browse(bank)
    const { documents } = await smallPlaybook((all) => all)
    await runPlaybook(bank.rt, [...[...documents.values()].flatMap((ofKind) => [...ofKind.values()]), OUTCOME])
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

  /** Customers decided for in March: of those spoken to every third opened a Goal Saver, of those kept apart one in twenty. */
  const decidedInMarch = async () => {
    const { db } = bank.rt
    await db`insert into know.customer (customer_id, birth_on, source) select n, '1990-05-05', 'test' from generate_series(1, 300) n`
    await db`
      insert into decide.decision (customer_id, decision_id, asked_at, channel, asker, revision, engine_version, seed,
          stops_version, model_version, claimed_version, inputs, verdicts, considered, ranked, chosen, contacts,
          experiment, period, arm, household_id, nothing_because)
      select n, gen_random_uuid(), '2026-03-02T10:00:00Z', 'app', 'self', 'r', 1, 1, 0, 'm', 1, '{}', '', 0, '[]',
          '{goal_saver}', case when n <= 200 then 1 else 0 end, 'global_control', '2026',
          case when n <= 200 then 'treated' else 'control' end, null, case when n <= 200 then null else 'control' end
        from generate_series(1, 300) n`
    await db`
      insert into know.holding (customer_id, holding_id, product, status, opened_on, currency, known_on)
      select n, n, 'goal_saver', 'open', '2026-03-20', 'EUR', '2026-01-01' from generate_series(1, 300) n
       where (n <= 200 and n % 3 = 0) or (n > 200 and n % 20 = 0)`
    await db`
      insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
      select customer_id, holding_id, 'owner', 'sole', 10000, opened_on, customer_id from know.holding`
    // Their ids begin with their time, as every contact's do.
    const ids = Array.from({ length: 80 }, () => bank.rt.ids.next(1))
    await db`
      insert into know.contact (customer_id, contact_id, decision_id, direction, channel, issue, action_group, action, treatment, class,
          communication, step, state, claimed_version, claimed_at, expires_at, source)
      select 1, id::uuid, gen_random_uuid(), 'inbound', 'app', 'grow', 'save', 'goal_saver', 'goal_saver_app', 'marketing', id, 0,
          case when n <= 12 then 'accepted' else 'shown' end, 1, '2026-05-20T10:00:00Z', '2026-05-21T10:00:00Z', 'clientele'
        from unnest(${ids}::text[]) with ordinality as told (id, n)`
  }

  test('before anything is known, the page says why and what will be here', async () => {
    const page = await as('bertil')
    await it.go(page, '/learn/outcomes')
    await page.getByRole('heading', { name: 'No action has customers of both arms yet' }).waitFor()
    expect(it.complaints()).toEqual([])
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'outcomes-empty')
    await decidedInMarch()
  })

  test('a difference is told with its interval, in words, and with the base of each share', async () => {
    const page = await as('bertil')
    await it.go(page, '/learn/outcomes')
    const line = page.getByRole('list', { name: 'What contact changed' }).getByRole('listitem')
    await line.first().waitFor()
    expect(await line.first().textContent()).toMatch(/Goal saver\+28 points, \+20.* to \+35.*: proven better/i)
    await page.getByText('33% of 200').waitFor()
    await page.getByText('5% of 100').waitFor()
    await page.getByText('a bar that leaves out zero is proven').waitFor()
    expect(it.complaints()).toEqual([])
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'outcomes-lift')
  })

  test('what was taken up stands by action and by channel, over the messages that were seen', async () => {
    const page = await as('bertil')
    await it.go(page, '/learn/outcomes?part=taken')
    await page.getByText('of 80 seen').first().waitFor()
    await page.getByText('Channel', { exact: true }).last().click()
    await page.getByText('What was taken up, by channel').waitFor()
    expect(await it.axe(page)).toEqual([])
  })

  test('over time there is a picture, and the same as a table', async () => {
    const page = await as('bertil')
    await it.go(page, '/learn/outcomes?part=time&action=goal_saver')
    await page.getByText('What was taken up over time').first().waitFor()
    await page.getByText('Table', { exact: true }).click()
    await page
      .getByRole('rowheader', { name: /May 2026/ })
      .first()
      .waitFor()
    expect(it.complaints()).toEqual([])
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'outcomes-time')
  })

  test('the board finds it at home', async () => {
    const page = await as('bertil')
    await it.go(page, '/')
    await page.getByRole('heading', { name: 'What contact changed' }).waitFor()
    await page.getByRole('link', { name: 'All outcomes' }).click()
    await page.getByRole('heading', { name: 'Outcomes', level: 1 }).waitFor()
  })

  test('at 390 pixels in the dark nothing hangs over the edge', async () => {
    const page = await as('bertil', { width: 'narrow', scheme: 'dark' })
    await it.go(page, '/learn/outcomes')
    await page.getByText('proven better').first().waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
    await it.shot(page, 'outcomes-narrow-dark')
  })
})
