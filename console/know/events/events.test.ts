import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'

const SCRIPT = '<script>window.ran=1</script><img src=x onerror="window.ran=1">'

describe.runIf(hasBrowser)(`events that could not be taken in${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  beforeAll(async () => {
    bank = await testBank()
    it = await browse(bank)
    await runPlaybook(bank.rt, [])
    await bank.rt.db`insert into know.customer (customer_id, full_name) values (7, 'Henrik')`
    for (const [id, customerId] of [
      ['lost-1', 8],
      ['lost-2', 9],
      [SCRIPT, 10],
      ['taken', 7],
    ] as const)
      await it.http.call('POST', '/api/know/events', {
        as: it.http.key,
        body: {
          source: 'internet_bank',
          id,
          type: 'web.page_viewed',
          occurredAt: '2026-03-02T07:00:00Z',
          customerId,
          payload: { topic: SCRIPT },
        },
      })
  }, 240_000)
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })

  test('each stands there whole with its reason, its scripts only text', async () => {
    const page = await it.open()
    await it.signIn(page, 'dora')
    await it.go(page, '/know/events')
    await page.getByText('3 rows').waitFor()
    await page.getByText('lost-1').click()
    await page.getByRole('complementary').getByText('window.ran').waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'events')
    expect(await page.evaluate('window.ran')).toBeUndefined()
    expect(it.complaints()).toEqual([])
  })

  test('once its cause is mended, an event is given again; what nobody can mend is dropped by a typed word', async () => {
    const page = await it.open()
    await it.signIn(page, 'dag')
    await it.go(page, '/know/events')
    await bank.rt.db`insert into know.customer (customer_id, full_name) values (8, 'Known at last')`
    await page.getByText('lost-1').click()
    await page.getByRole('button', { name: 'Give again', exact: true }).click()
    await page.getByText('1 taken in, 0 known already, 0 still wait.').waitFor()
    await page.getByText('2 rows').waitFor()
    await page.getByText('lost-2').click()
    await page.getByRole('button', { name: 'Drop' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: 'Drop' }).isDisabled()).toBe(true)
    await dialog.getByRole('textbox').fill('drop')
    await dialog.getByRole('button', { name: 'Drop' }).click()
    await page.getByText('1 row', { exact: true }).waitFor()
  })

  test('in the dark and at 390 pixels axe finds nothing', async () => {
    const page = await it.open({ width: 'narrow', scheme: 'dark' })
    await it.signIn(page, 'dora')
    await it.go(page, '/know/events')
    await page.getByRole('grid').waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'events-narrow')
  })
})
