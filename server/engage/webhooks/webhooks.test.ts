import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { decideFor } from '#decide/decisions'
import { recordResponse } from '#know/interactions'
import { transaction } from '#platform/runtime'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'
import { systemActor } from '#trust/access'
import { giveConsent } from '#trust/consents'
import { deliverDue, isSigned } from './index.ts'
import { PAUSES_SECONDS } from './pauses.ts'

interface Received {
  headers: IncomingHttpHeaders
  text: string
  body: { id: string; type: string; customerId: number; version: number; data: Record<string, unknown> }
}

let bank: TestBank
let http: TestHttp
let receiver: Server
let url: string
let received: Received[] = []
/** What the receiver says to each request. */
let answer: (body: Received['body']) => number | 'nothing' = () => 200

beforeAll(async () => {
  bank = await testBank({ overrides: { webhooks: { localAllowed: true } } })
  http = await testHttp(bank)
  const { documents } = await smallPlaybook((all) => all.filter((one) => one.kind !== 'experiment'))
  await runPlaybook(
    bank.rt,
    [...documents.values()].flatMap((ofKind) => [...ofKind.values()]),
  )
  const { db } = bank.rt
  await db`insert into know.customer (customer_id, birth_on, branch_code) select n, '1990-05-05', '17' from generate_series(1, 30) n`
  await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
           select n, n, 'everyday', 'EUR', '2020-01-01', '{"small_savings": 4, "surplus": 9000}' from generate_series(1, 30) n`
  await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
           select n, n, 'owner', 'sole', 10000, '2020-01-01', n from generate_series(1, 30) n`
  receiver = createServer((request, reply) => {
    let text = ''
    request.setEncoding('utf8').on('data', (piece) => {
      text += piece
    })
    request.on('end', () => {
      const body = JSON.parse(text)
      const said = answer(body)
      if (said === 'nothing') return void request.socket.destroy()
      received.push({ headers: request.headers, text, body })
      reply.writeHead(said).end(said < 300 ? 'taken' : 'not like this\u0000 😀')
    })
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
  received = []
  answer = () => 200
})
afterEach(async () => {
  for (const { webhookId } of (await http.call('GET', BASE, { as: 'ada' })).body.webhooks)
    await http.call('DELETE', `${BASE}/${webhookId}`, { as: 'ada' })
})

const BASE = '/api/engage/webhooks'
const actor = systemActor('test')
const ALL = ['decision.made', 'contact.claimed', 'contact.answered', 'consent.changed', 'playbook.activated']
const hook = async (types = ALL): Promise<{ webhookId: string; secret: string }> =>
  (await http.call('POST', BASE, { as: 'ada', body: { title: 'The core system', url, types } })).body
const deliver = async () => {
  await http.drain()
  while ((await deliverDue(bank.rt)) > 0);
}
const decide = (customerId: number) =>
  http.call('POST', '/api/decide/decisions', { as: http.key, body: { customerId, channel: 'app' } })
const types = () => received.map(({ body }) => body.type)
const log = async (webhookId: string) =>
  (await http.call('GET', `${BASE}/${webhookId}/deliveries`, { as: 'dag' })).body.deliveries

describe('other systems are told', () => {
  test('of a decision, what it claimed, the answer and a consent: signed, in order, each once', async () => {
    const { secret } = await hook()
    const { body } = await decide(1)
    const [{ contactId }] = body.actions
    await recordResponse(bank.rt, { contactId, kind: 'accept', idempotencyKey: 'k', actor })
    await giveConsent(bank.rt, {
      customerId: 1,
      purpose: 'marketing',
      channel: 'email',
      evidence: { how: 'app' },
      actor,
    })
    await deliver()
    expect(types()).toEqual(['decision.made', 'contact.claimed', 'contact.answered', 'consent.changed'])
    expect(received[1]!.body).toMatchObject({
      customerId: 1,
      data: { contactId, action: 'goal_saver', channel: 'app' },
    })
    expect(received[2]!.body.data).toMatchObject({ answer: 'accept', contactId })
    for (const { headers, text, body } of received) {
      const id = String(headers['clientele-webhook-id'])
      const timestamp = Number(headers['clientele-webhook-timestamp'])
      expect(id).toBe(body.id)
      const header = String(headers['clientele-webhook-signature'])
      expect(isSigned(header, secret, id, timestamp, text)).toBe(true)
      expect(isSigned(header, secret, id, timestamp + 1, text)).toBe(false)
      expect(isSigned(header, `${secret}x`, id, timestamp, text)).toBe(false)
    }
    await deliver()
    expect(received).toHaveLength(4)
  })

  test('of what they asked for only, and of nothing while turned off or after they are gone', async () => {
    const { webhookId } = await hook(['contact.claimed'])
    await decide(2)
    await deliver()
    expect(types()).toEqual(['contact.claimed'])
    await http.call('PUT', `${BASE}/${webhookId}`, { as: 'ada', body: { state: 'off' } })
    await decide(3)
    await deliver()
    expect(received).toHaveLength(1)
  })

  test('when a revision is activated', async () => {
    await hook(['playbook.activated'])
    const { documents } = await smallPlaybook((all) => all.filter((one) => one.kind !== 'experiment'))
    await runPlaybook(
      bank.rt,
      [...documents.values()]
        .flatMap((k) => [...k.values()])
        .map((d) => (d.kind === 'bank' ? { ...d, title: 'Renamed' } : d)),
    )
    await deliver()
    expect(received[0]!.body).toMatchObject({ type: 'playbook.activated', customerId: null, data: { sequence: 2 } })
  })

  test('from the answer on: what another server decides a moment later is not missed', async () => {
    // Another server of the same bank: it remembers for itself who wants to hear what.
    const other = { ...bank.rt, config: { ...bank.rt.config } }
    await decideFor(other, { customerId: 20, channel: 'app', actor })
    const { webhookId } = await hook(['decision.made'])
    await decideFor(other, { customerId: 21, channel: 'app', actor })
    expect((await log(webhookId)).map(({ customerId }: { customerId: number }) => customerId)).toEqual([21])
  })

  test('of nothing once it is taken away, and no decision elsewhere fails for it', async () => {
    const other = { ...bank.rt, config: { ...bank.rt.config } }
    const { webhookId } = await hook(['decision.made'])
    await decideFor(other, { customerId: 22, channel: 'app', actor })
    const [, decided] = await Promise.all([
      http.call('DELETE', `${BASE}/${webhookId}`, { as: 'ada' }),
      decideFor(other, { customerId: 23, channel: 'app', actor }),
    ])
    expect(decided.decisionId).toBeDefined()
    expect(await bank.rt.db`select 1 from engage.webhook_delivery where webhook_id = ${webhookId}`).toEqual([])
  })

  test('later of what happened while they asked for a pause, in order', async () => {
    const { webhookId } = await hook(['decision.made'])
    await http.call('PUT', `${BASE}/${webhookId}`, { as: 'ada', body: { state: 'paused' } })
    await decide(24)
    await decide(24)
    await deliver()
    expect(received).toEqual([])
    const [before] = (await http.call('GET', BASE, { as: 'dag' })).body.webhooks
    expect(before).toMatchObject({ state: 'paused', waiting: 2, oldestWaitingAt: bank.clock.now().toISOString() })
    await http.call('PUT', `${BASE}/${webhookId}`, { as: 'ada', body: { state: 'on' } })
    await deliver()
    expect(types()).toEqual(['decision.made', 'decision.made'])
    const [after] = (await http.call('GET', BASE, { as: 'dag' })).body.webhooks
    expect(after).toMatchObject({ state: 'on', waiting: 0, oldestWaitingAt: null, recent: { attempts: 2, failed: 0 } })
  })

  test('a decision that is undone tells nobody', async () => {
    const { webhookId } = await hook()
    await expect(
      transaction(bank.rt, async (rt) => {
        await decideFor(rt, { customerId: 4, channel: 'app', actor })
        throw new Error('undone')
      }),
    ).rejects.toThrow('undone')
    expect(await log(webhookId)).toEqual([])
  })
})

describe('a receiver that fails', () => {
  test('gets it again after the pauses; the customer’s later events wait, other customers’ go on', async () => {
    const { webhookId } = await hook(['contact.claimed', 'consent.changed'])
    answer = ({ type, customerId }) => (customerId === 5 && type === 'contact.claimed' ? 400 : 200)
    await decide(5)
    await giveConsent(bank.rt, { customerId: 5, purpose: 'marketing', channel: 'sms', evidence: { how: 'app' }, actor })
    await decide(6)
    await deliver()
    // Different customers’ events go at the same time.
    received.sort((a, b) => a.body.customerId - b.body.customerId)
    expect(received.map(({ body }) => [body.customerId, body.type])).toEqual([
      [5, 'contact.claimed'],
      [6, 'contact.claimed'],
    ])
    const first = received[0]!
    answer = () => 204
    bank.clock.advanceMs((PAUSES_SECONDS[0] - 1) * 1000)
    await deliver()
    expect(received).toHaveLength(2)
    bank.clock.advanceMs(1000)
    await deliver()
    expect(received.slice(2).map(({ body }) => body.type)).toEqual(['contact.claimed', 'consent.changed'])
    // The same event under the same id, signed anew for the new attempt.
    expect([received[2]!.body.id, received[2]!.text]).toEqual([first.body.id, first.text])
    expect(received[2]!.headers['clientele-webhook-timestamp']).not.toBe(first.headers['clientele-webhook-timestamp'])
    expect((await log(webhookId)).every(({ state }: { state: string }) => state === 'delivered')).toBe(true)
  })

  test('for good: it is set aside with the reason, the next goes on, and it can be given again', async () => {
    const { webhookId } = await hook(['contact.claimed', 'consent.changed'])
    answer = ({ type }) => (type === 'contact.claimed' ? 422 : 200)
    await decide(7)
    await giveConsent(bank.rt, { customerId: 7, purpose: 'marketing', channel: 'sms', evidence: { how: 'app' }, actor })
    for (const pause of [...PAUSES_SECONDS, 1]) {
      await deliver()
      bank.clock.advanceMs(pause * 1000)
    }
    await deliver()
    expect(types().filter((type) => type === 'contact.claimed')).toHaveLength(PAUSES_SECONDS.length + 1)
    expect(types().at(-1)).toBe('consent.changed')
    const [, aside] = await log(webhookId)
    expect(aside).toMatchObject({ state: 'set_aside', attempts: 9, lastStatus: 422, lastReason: 'answered 422' })
    answer = () => 200
    expect(
      (await http.call('POST', `${BASE}/${webhookId}/deliveries/${aside.eventId}/again`, { as: 'ada' })).status,
    ).toBe(200)
    await deliver()
    expect(types().at(-1)).toBe('contact.claimed')
    const { body } = await http.call('GET', `${BASE}/${webhookId}/deliveries/${aside.eventId}`, { as: 'ada' })
    expect(body.tries).toHaveLength(10)
    expect(body.tries[0]).toMatchObject({ status: 422, reason: 'answered 422' })
    expect(body.tries.at(-1)).toMatchObject({ status: 200, reason: null })
  })

  test('as such is left alone for a while instead of being asked for every customer', async () => {
    const { webhookId } = await hook(['contact.claimed'])
    let tries = 0
    answer = () => {
      tries++
      return 'nothing'
    }
    for (let id = 8; id <= 30; id++) await decide(id)
    await deliver()
    bank.clock.advanceMs(5_000)
    await deliver()
    const [before] = (await http.call('GET', BASE, { as: 'ada' })).body.webhooks
    expect(before).toMatchObject({ webhookId, waiting: 23 })
    expect(before.resumesAt).not.toBeNull()
    const sofar = tries
    await deliver()
    expect(tries).toBe(sofar)
    answer = () => 200
    bank.clock.advanceMs(48 * 3_600_000)
    await deliver()
    expect(received).toHaveLength(23)
    const [after] = (await http.call('GET', BASE, { as: 'ada' })).body.webhooks
    expect(after).toMatchObject({ failures: 0, resumesAt: null, waiting: 0 })
  })

  test('nothing is delivered twice by two servers at once', async () => {
    await hook(['contact.claimed'])
    for (let id = 1; id <= 10; id++) await decide(id)
    await http.drain()
    await Promise.all([deliverDue(bank.rt), deliverDue({ ...bank.rt }), deliverDue({ ...bank.rt })])
    await deliver()
    const ids = received.map(({ body }) => body.id)
    expect(ids.length).toBe(new Set(ids).size)
  })
})

describe('a webhook', () => {
  test('replays from an instant or an event on', async () => {
    const { webhookId } = await hook(['consent.changed'])
    for (const channel of ['email', 'sms', 'push'] as const) {
      bank.clock.advanceMs(60_000)
      await giveConsent(bank.rt, { customerId: 9, purpose: 'marketing', channel, evidence: { how: 'app' }, actor })
    }
    await deliver()
    const ids = received.map(({ body }) => body.id)
    expect(ids).toHaveLength(3)
    received = []
    const replays = `${BASE}/${webhookId}/replays`
    const counted = await http.call('GET', replays, { as: 'dag', query: { fromEventId: ids[1]! } })
    expect(counted.body).toEqual({ deliveries: 2, waiting: 0, setAside: 0 })
    expect((await http.call('POST', replays, { as: 'ada', body: { fromEventId: ids[1] } })).body).toEqual({
      deliveries: 2,
    })
    const under = await http.call('GET', replays, { as: 'dag', query: { fromEventId: ids[0]! } })
    expect(under.body).toEqual({ deliveries: 3, waiting: 2, setAside: 0 })
    await deliver()
    expect(received.map(({ body }) => body.id)).toEqual(ids.slice(1))
    const from = new Date(bank.clock.now().getTime() - 10 * 60_000).toISOString()
    expect((await http.call('POST', replays, { as: 'ada', body: { from } })).body).toEqual({ deliveries: 3 })
    expect((await http.call('POST', replays, { as: 'ada', body: { fromEventId: webhookId } })).status).toBe(404)
  })

  test('knows each type of event by what it means, and shows it as it is sent', async () => {
    await hook()
    const { body } = await decide(29)
    const [{ contactId }] = body.actions
    await recordResponse(bank.rt, { contactId, kind: 'accept', idempotencyKey: 'types', actor })
    await giveConsent(bank.rt, {
      customerId: 29,
      purpose: 'marketing',
      channel: 'sms',
      evidence: { how: 'app' },
      actor,
    })
    await deliver()
    const told: { type: string; meaning: string; sample: string }[] = (
      await http.call('GET', `${BASE}/types`, { as: 'ada' })
    ).body.types
    expect(told.map(({ type }) => type)).toEqual(ALL)
    for (const { body: sent } of received) {
      const sample = JSON.parse(told.find(({ type }) => type === sent.type)!.sample)
      expect(Object.keys(sample)).toEqual(Object.keys(sent))
      expect(Object.keys(sample.data).sort()).toEqual(Object.keys(sent.data).sort())
    }
  })

  test('takes a new secret while the old one still signs for a day', async () => {
    const { webhookId, secret } = await hook(['consent.changed'])
    const renewed = await http.call('POST', `${BASE}/${webhookId}/secrets`, { as: 'ada' })
    const ping = async () => {
      expect((await http.call('POST', `${BASE}/${webhookId}/tests`, { as: 'ada' })).body).toMatchObject({
        received: true,
        answer: 'taken',
        request: { headers: { 'clientele-webhook-signature': expect.stringContaining('v1=') } },
      })
      const { headers, text } = received.at(-1)!
      const signed = (by: string) =>
        isSigned(
          String(headers['clientele-webhook-signature']),
          by,
          String(headers['clientele-webhook-id']),
          Number(headers['clientele-webhook-timestamp']),
          text,
        )
      return [signed(secret), signed(renewed.body.secret)]
    }
    expect(await ping()).toEqual([true, true])
    bank.clock.advanceMs(25 * 3_600_000)
    expect(await ping()).toEqual([false, true])
    expect(JSON.stringify(await bank.rt.db`select * from engage.webhook`)).not.toContain('whsec_')
  })

  test('goes nowhere that the internet does not, unless the setting allows it', async () => {
    const bare = await testBank()
    const plain = await testHttp(bare)
    const make = async (to: string) =>
      (await plain.call('POST', BASE, { as: 'ada', body: { title: 'x', url: to, types: ['consent.changed'] } })).body
        .error?.code
    for (const to of [
      'http://example.com/',
      'https://127.0.0.1/',
      'https://169.254.169.254/latest/meta-data',
      'https://localhost/',
      'https://[::1]:5432/',
    ])
      expect(await make(to)).toBe('url_refused')
    expect(await make('https://hooks.example.com/in')).toBeUndefined()
    await plain.close()
    await bare.close()
  })
})
