/** What was sent to other systems, and giving it again. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import { systemActor } from '#trust/access'
import { read } from '#trust/audit'
import { giveConsent } from '#trust/consents'
import { deliverDue } from '../index.ts'
import { PAUSES_SECONDS } from '../pauses.ts'

const BASE = '/api/engage/webhooks'
const actor = systemActor('test')
let bank: TestBank
let http: TestHttp
let receiver: Server
let url: string
let status = 200
let requests = 0

beforeAll(async () => {
  bank = await testBank({ overrides: { webhooks: { localAllowed: true } } })
  http = await testHttp(bank)
  await bank.rt.db`insert into know.customer (customer_id, birth_on, branch_code)
                   select n, '1990-05-05', '17' from generate_series(1, 9) n`
  receiver = createServer((request, reply) => {
    requests++
    request.resume().on('end', () => reply.writeHead(status).end(status < 300 ? 'taken' : 'not like this\u0000 😀'))
  }).listen(0, '127.0.0.1')
  await new Promise((done) => receiver.once('listening', done))
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`
})
afterAll(async () => {
  receiver.closeAllConnections()
  receiver.close()
  await http.close()
  await bank.close()
})
beforeEach(() => {
  status = 200
})

const hook = async (): Promise<string> =>
  (await http.call('POST', BASE, { as: 'ada', body: { title: 'Ledger', url, types: ['consent.changed'] } })).body
    .webhookId
const agree = (customerId: number, channel: 'email' | 'sms' | 'push' = 'email') =>
  giveConsent(bank.rt, { customerId, purpose: 'marketing', channel, evidence: { how: 'app' }, actor })
const deliver = async () => {
  await http.drain()
  while ((await deliverDue(bank.rt)) > 0);
}
const deliveries = async (webhookId: string, query: Record<string, string> = {}) =>
  (await http.call('GET', `${BASE}/${webhookId}/deliveries`, { as: 'dag', query })).body.deliveries
const healthOf = async (webhookId: string) =>
  (await http.call('GET', BASE, { as: 'ada' })).body.webhooks.find(
    (one: { webhookId: string }) => one.webhookId === webhookId,
  )

describe('the record of deliveries', () => {
  test('what was set aside says why, and all of it is given again at once', async () => {
    const webhookId = await hook()
    status = 422
    for (const customerId of [1, 2, 3]) await agree(customerId)
    for (const pause of [...PAUSES_SECONDS, 1]) {
      await deliver()
      bank.clock.advanceMs(pause * 1000)
    }
    const health = await healthOf(webhookId)
    expect(health).toMatchObject({ setAside: 3, setAsideBecause: 'answered 422', waiting: 0 })
    expect(health.recent).toMatchObject({ attempts: 27, failed: 27 })
    expect(await deliveries(webhookId, { state: 'set_aside', type: 'consent.changed' })).toHaveLength(3)
    expect(await deliveries(webhookId, { type: 'contact.claimed' })).toEqual([])
    status = 200
    requests = 0
    const given = await http.call('POST', `${BASE}/${webhookId}/set-aside/again`, { as: 'ada' })
    expect(given).toMatchObject({ status: 202, body: { deliveries: 3 } })
    await deliver()
    expect(requests).toBe(3)
    expect(await healthOf(webhookId)).toMatchObject({ setAside: 0, setAsideBecause: null })
  })

  test('a delivery is shown whole to who may open it, on record; to others its form', async () => {
    const webhookId = await hook()
    status = 400
    await agree(4)
    await deliver()
    const [{ eventId }] = await deliveries(webhookId)
    const detail = async (as: string) =>
      (await http.call('GET', `${BASE}/${webhookId}/deliveries/${eventId}`, { as })).body
    const form = await detail('ada')
    expect(form.request.masked).toBe(true)
    expect(JSON.parse(form.request.body)).toMatchObject({
      id: eventId,
      type: 'consent.changed',
      customerId: '…',
      data: { changes: [{ purpose: '…', channel: '…', state: '…' }] },
    })
    expect(form.tries[0].answer).toBeNull()
    const looks = () => read(bank.rt, { customerId: 4, action: 'engage.webhooks:opened' })
    expect(await looks()).toEqual([])
    const whole = await detail('dag')
    expect(JSON.parse(whole.request.body)).toMatchObject({ customerId: 4, data: { changes: [{ state: 'given' }] } })
    expect(whole.request.headers).toMatchObject({ 'clientele-webhook-id': eventId })
    expect(whole.tries).toMatchObject([{ status: 400, reason: 'answered 400', answer: 'not like this\ufffd 😀' }])
    expect(await looks()).toHaveLength(1)
  })

  test('a customer outside who looks’ units, or one nobody may see, stays hidden from them', async () => {
    const webhookId = await hook()
    await agree(5)
    await deliver()
    const [{ eventId }] = await deliveries(webhookId)
    await http.person('dirk', { role: 'duty_manager', units: [{ kind: 'branch', code: '99' }] })
    const { body } = await http.call('GET', `${BASE}/${webhookId}/deliveries/${eventId}`, { as: 'dirk' })
    expect(body.request.masked).toBe(true)
    expect(await read(bank.rt, { customerId: 5, action: 'engage.webhooks:opened' })).toEqual([])
  })

  test('it goes with its webhook', async () => {
    const webhookId = await hook()
    await agree(6)
    await deliver()
    await http.call('DELETE', `${BASE}/${webhookId}`, { as: 'ada' })
    expect(await bank.rt.db`select 1 from engage.webhook_attempt where webhook_id = ${webhookId}`).toEqual([])
    expect((await http.call('GET', `${BASE}/${webhookId}/deliveries`, { as: 'dag' })).status).toBe(404)
  })
})
