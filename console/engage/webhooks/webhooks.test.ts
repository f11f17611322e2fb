import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deliverDue } from '#engage/webhooks'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { systemActor } from '#trust/access'
import { giveConsent } from '#trust/consents'
import { wallTime } from '../../ui/wall-time.ts'

const actor = systemActor('test')
const TRIES = 9

describe.runIf(hasBrowser)(`telling other systems${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  let receiver: Server
  let url: string
  let status = 200
  beforeAll(async () => {
    bank = await testBank({ overrides: { webhooks: { localAllowed: true } } })
    it = await browse(bank)
    await bank.rt
      .db`insert into know.customer (customer_id, birth_on, branch_code) select n, '1990-05-05', '17' from generate_series(1, 60) n`
    receiver = createServer((request, reply) => {
      request.resume().on('end', () => reply.writeHead(status).end(status < 300 ? 'taken' : 'we do not know this type'))
    }).listen(0, '127.0.0.1')
    await new Promise((done) => receiver.once('listening', done))
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`
  })
  afterAll(async () => {
    await it?.close()
    receiver?.closeAllConnections()
    receiver?.close()
    await bank?.close()
  })

  const as = async (login: string, options: Parameters<Browsing['open']>[0] = {}) => {
    const page = await it.open(options)
    await it.signIn(page, login)
    return page
  }
  const agree = (customerId: number) =>
    giveConsent(bank.rt, { customerId, purpose: 'marketing', channel: 'email', evidence: { how: 'app' }, actor })
  const deliver = async () => {
    await it.http.drain()
    while ((await deliverDue(bank.rt)) > 0);
  }
  const hook = async (title: string, to = url): Promise<string> =>
    (
      await it.http.call('POST', '/api/engage/webhooks', {
        as: 'ada',
        body: { title, url: to, types: ['consent.changed', 'contact.answered'] },
      })
    ).body.webhookId
  const fits = (page: Awaited<ReturnType<typeof as>>) =>
    page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)

  test('with none, the page says what one is good for; whoever may not make one is told who may', async () => {
    const page = await as('dag')
    await it.go(page, '/engage/webhooks')
    await page.getByText('An administrator sets one up.').waitFor()
    expect(await page.getByRole('button', { name: 'New webhook' }).count()).toBe(0)
    const ada = await as('ada', { scheme: 'dark', width: 'narrow' })
    await it.go(ada, '/engage/webhooks')
    await ada.getByRole('button', { name: 'New webhook' }).waitFor()
    expect(await it.axe(ada)).toEqual([])
    expect(await fits(ada)).toBeLessThanOrEqual(0)
    await it.shot(ada, 'webhooks-empty')
  })

  test('an administrator names a system and its events, keeps the secret, and tries it', async () => {
    const page = await as('ada')
    await it.go(page, '/engage/webhooks')
    await page.getByRole('button', { name: 'New webhook' }).click()
    await page.getByLabel('Name').fill('Campaign archive')
    await page.getByLabel('URL').fill('ftp://nowhere.example')
    await page.getByRole('button', { name: 'Make it' }).click()
    await page.getByText('Choose at least one event.').waitFor()
    await page.getByLabel('consent.changed').check()
    await page.getByLabel('contact.answered').check()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'webhook-new')
    await page.getByRole('button', { name: 'Make it' }).click()
    await page.getByText('This URL cannot be used').waitFor()
    await page.getByLabel('URL').fill(url)
    await page.getByRole('button', { name: 'Make it' }).click()
    const secret = await page.getByRole('textbox', { name: 'The secret of Campaign archive' }).inputValue()
    expect(secret).toMatch(/^whsec_/)
    await page.getByRole('button', { name: 'I have it' }).click()
    await page.getByText('Nothing was sent yet').waitFor()
    await page.getByRole('button', { name: 'Send a test' }).click()
    await page.getByText(/Received: answered 200/).waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'webhook-tested')
    expect(it.complaints()).toEqual([])
  })

  test('what could not be delivered stands there with request, tries and reason, and is given again', async () => {
    const webhookId = await hook('Ledger')
    status = 422
    for (const customerId of [1, 2]) await agree(customerId)
    for (let tries = 0; tries < TRIES; tries++) {
      await deliver()
      bank.clock.advanceMs(44_000_000)
    }
    const page = await as('ada')
    await it.go(page, `/engage/webhooks/${webhookId}?state=set_aside`)
    await page.getByText('2 events were set aside').waitFor()
    await page.getByRole('gridcell', { name: 'consent.changed' }).first().click()
    await page.getByText('What it says of the customer is hidden.').waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'webhook-set-aside')
    const dag = await as('dag', { scheme: 'dark' })
    await it.go(dag, `/engage/webhooks/${webhookId}?state=set_aside`)
    await dag.getByRole('gridcell', { name: 'consent.changed' }).first().click()
    await dag.getByText('we do not know this type').first().waitFor()
    expect(await dag.getByRole('button', { name: 'Give all again' }).count()).toBe(0)
    expect(await it.axe(dag)).toEqual([])
    await it.shot(dag, 'webhook-set-aside-dark')
    status = 200
    await page.getByRole('button', { name: 'Give all again' }).click()
    await page.getByText('2 events are delivered again.').waitFor()
    await deliver()
    await it.go(page, `/engage/webhooks/${webhookId}`)
    await page.getByText('nothing was given up').waitFor()
    expect(it.complaints()).toEqual([])
  })

  test('it is paused and resumed, delivers again from an hour ago, and takes a new secret', async () => {
    const webhookId = await hook('Warehouse')
    await agree(3)
    await deliver()
    const page = await as('ada')
    await it.go(page, `/engage/webhooks/${webhookId}`)
    const choose = async (item: string) => {
      await page.getByRole('button', { name: 'More', exact: true }).click()
      await page.getByRole('menuitem', { name: item }).click()
    }
    await choose('Pause')
    await page.getByText('Paused: what happens is collected').waitFor()
    await choose('Resume')
    await page.getByText('Resumed.').first().waitFor()
    await choose('Deliver again from')
    await page.getByText('One event will be sent.').waitFor()
    expect(await it.axe(page)).toEqual([])
    await page.getByRole('button', { name: 'Deliver again', exact: true }).click()
    await page.getByText('0 of one event sent.').waitFor()
    await page.getByText('it goes on').waitFor()
    await deliver()
    await page.getByText('The one event was sent again.').waitFor()
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await choose('New secret')
    await page.getByRole('button', { name: 'Make a new secret' }).click()
    await page.getByRole('textbox', { name: 'The secret of Warehouse' }).waitFor()
    await page.getByRole('button', { name: 'I have it' }).click()
    await page.getByText('The secret before signs too until').waitFor()
  })

  test('it delivers again from an instant that is typed in the bank’s time, and from one delivery in the list', async () => {
    const webhookId = await hook('Archive')
    for (const customerId of [4, 5, 6]) {
      await agree(customerId)
      await deliver()
      bank.clock.advanceMs(3_600_000)
    }
    const [first, ...later] = await bank.rt.db<{ happenedAt: Date }[]>`
      select happened_at as "happenedAt" from engage.webhook_delivery where webhook_id = ${webhookId} order by sequence`
    for (const [scheme, width] of [
      ['light', 'wide'],
      ['dark', 'narrow'],
    ] as const) {
      const page = await as('ada', { scheme, width })
      await it.go(page, `/engage/webhooks/${webhookId}`)
      await page.getByRole('button', { name: 'More', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Deliver again from' }).click()
      const field = page.getByLabel('From', { exact: true })
      await page.getByText('3 events will be sent.').waitFor()
      await field.fill('')
      await page.getByText('Give a date and a time.').waitFor()
      // A minute after the first of them, by the clock of a bank that has not said where it is.
      await field.fill(wallTime(new Date(first!.happenedAt.getTime() + 60_000), 'UTC'))
      await page.getByText(`${later.length} events will be sent.`).waitFor()
      expect(await it.axe(page)).toEqual([])
      expect(await fits(page)).toBeLessThanOrEqual(0)
      await it.shot(page, `webhook-replay-${scheme}-${width}`)
      await page.getByRole('button', { name: 'Deliver again', exact: true }).click()
      await page.getByText('0 of 2 events sent.').waitFor()
      await it.shot(page, `webhook-replaying-${scheme}-${width}`)
      await deliver()
      await page.getByText('All 2 events were sent again.').waitFor()
      await page.getByText('The receiver took every one of them.').waitFor()
      expect(await it.axe(page)).toEqual([])
    }
    const page = await as('ada')
    await it.go(page, `/engage/webhooks/${webhookId}`)
    await page.getByRole('gridcell', { name: 'consent.changed' }).first().click()
    await page.getByRole('button', { name: 'Deliver again from this event on' }).click()
    await page.getByText('One event will be sent.').waitFor()
    await page.getByRole('button', { name: 'Deliver again', exact: true }).click()
    await page.getByText('0 of one event sent.').waitFor()
    expect(it.complaints()).toEqual([])
  })

  test('it goes only when its name is typed', async () => {
    const webhookId = await hook('Old core')
    const page = await as('ada')
    await it.go(page, `/engage/webhooks/${webhookId}`)
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    const remove = page.getByRole('dialog').getByRole('button', { name: 'Delete' })
    expect(await remove.isDisabled()).toBe(true)
    await page.getByLabel('Type Old core to confirm').fill('Old core')
    await remove.click()
    await page.waitForURL('**/engage/webhooks')
    await it.go(page, `/engage/webhooks/${webhookId}`)
    await page.getByText('It was taken away, or the link is wrong.').waitFor()
  })

  test('a crowd of them, one away, fits at 390 pixels and wide; the search finds one by name', async () => {
    for (let n = 1; n <= 4; n++) await hook(`Branch system number ${n} with a long name that goes on and on`)
    const away = await hook('Fraud desk', 'http://127.0.0.1:9/hooks')
    for (let customerId = 10; customerId <= 60; customerId++) await agree(customerId)
    await deliver()
    for (const [scheme, width] of [
      ['light', 'wide'],
      ['dark', 'narrow'],
    ] as const) {
      const page = await as('ada', { scheme, width })
      await it.go(page, '/engage/webhooks')
      await page.getByText('not answering').first().waitFor()
      expect(await it.axe(page)).toEqual([])
      expect(await fits(page)).toBeLessThanOrEqual(0)
      await it.shot(page, `webhooks-${scheme}-${width}`)
      await it.go(page, `/engage/webhooks/${away}`)
      await page.getByText('It is left alone until').waitFor()
      await page.getByRole('gridcell', { name: 'consent.changed' }).first().waitFor()
      expect(await it.axe(page)).toEqual([])
      expect(await fits(page)).toBeLessThanOrEqual(0)
      await it.shot(page, `webhook-${scheme}-${width}`)
    }
    const page = await as('ada')
    await it.go(page, '/')
    await page.getByRole('link', { name: 'Fraud desk' }).waitFor()
    await page.getByText('51 waiting, 0 set aside').waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'webhooks-home')
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type('fraud')
    await page.getByRole('dialog').getByText('Fraud desk').click()
    await page.getByRole('heading', { name: 'Fraud desk' }).waitFor()
    expect(it.complaints()).toEqual([])
  })
})
