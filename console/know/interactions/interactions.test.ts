import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'

describe.runIf(hasBrowser)(`the trial balance of contacts${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  beforeAll(async () => {
    bank = await testBank()
    it = await browse(bank)
    await runPlaybook(bank.rt, [])
    await bank.rt.db`insert into know.customer (customer_id, full_name) values (1, 'Marta')`
    await bank.rt.db`
      insert into know.contact (customer_id, contact_id, decision_id, direction, channel, action, treatment, class, communication,
                                state, claimed_version, claimed_at)
      select 1, gen_random_uuid(), gen_random_uuid(), 'outbound', case n % 3 when 0 then 'sms' else 'email' end, 'a', 't',
             'service', n::text, case n % 5 when 0 then 'failed' when 1 then 'unknown' else 'delivered' end, n, '2026-02-28T12:00:00Z'
        from generate_series(1, 300) n`
  }, 240_000)
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })

  test('every line adds up, by channel and class, as a picture and as numbers', async () => {
    for (const options of [{}, { width: 'narrow' as const, scheme: 'dark' as const }]) {
      const page = await it.open(options)
      await it.signIn(page, 'riya')
      await it.go(page, '/know/interactions')
      await page.getByRole('gridcell', { name: 'E-mail' }).waitFor()
      await page.getByText('Every line adds up').waitFor()
      expect(await it.axe(page)).toEqual([])
      await it.shot(page, `contacts-${options.width ?? 'wide'}`)
    }
    expect(it.complaints()).toEqual([])
  })

  test('a period in which nothing was said says so', async () => {
    const page = await it.open()
    await it.signIn(page, 'riya')
    await it.go(page, '/know/interactions?days=1')
    await page.getByText('Nothing was decided to be said in this period').waitFor()
    expect(await it.axe(page)).toEqual([])
  })
})
