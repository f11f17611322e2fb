import { get, type IncomingMessage } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { recordOutcome } from '#decide/arbitration'
import { decideFor } from '#decide/decisions'
import { claimContacts, recordResponse } from '#know/interactions'
import { closeServer } from '#platform/http'
import { takeVersion } from '#platform/outbox'
import { transaction } from '#platform/runtime'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import { person } from '#test/playbook'
import { eventually } from '#test/scratch'
import { SMALL_PLAYBOOK } from '#test/small-playbook'
import { systemActor } from '#trust/access'
import { activateFolder, createDraft } from '#trust/playbook'
import { LISTENERS_MAX } from './index.ts'

let bank: TestBank
let http: TestHttp
let url: string
beforeAll(async () => {
  // Every question is answered by a new reading, however slow the machine.
  bank = await testBank({ overrides: { pulse: { readingPercent: 100 } } })
  http = await testHttp(bank)
  url = await http.app.listen({ port: 0, host: '127.0.0.1' })
  await activateFolder(bank.rt, SMALL_PLAYBOOK, systemActor('test'))
  for (const [id, stage, since] of [
    [1, 'customer', '2020-01-01'],
    [2, 'customer', '2026-03-02'],
    [3, 'prospect', null],
  ] as const)
    await bank.rt.db`insert into know.customer (customer_id, full_name, stage, since_on, birth_on, branch_code)
          values (${id}, 'somebody', ${stage}, ${since}, '1980-05-05', '17')`
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

const actor = systemActor('test')
const pulse = async () => (await http.call('GET', '/api/learn/pulse', { as: 'bertil' })).body
/** Claims an offer in the app, as a decision does. */
async function offered() {
  const contactId = bank.rt.ids.next()
  const offer = { contactId, action: 'goal_saver', treatment: 'goal_saver_app', channel: 'app' }
  await transaction(bank.rt, async (rt) => {
    const claimedAt = rt.clock.now()
    const claim = {
      ...offer,
      customerId: 1,
      decisionId: rt.ids.next(),
      direction: 'inbound',
      placement: 'app_home',
      issue: 'grow',
      group: 'save',
      class: 'marketing',
      communication: contactId,
      step: 0,
      state: 'offered',
      claimedVersion: await takeVersion(rt, 1),
      claimedAt,
      expiresAt: new Date(claimedAt.getTime() + 86_400_000),
    } as const
    await claimContacts(rt, [claim])
  })
  return offer
}
const decideOnce = () => decideFor(bank.rt, { customerId: 1, channel: 'app', actor } as never)

describe('the pulse', () => {
  test('counts customers by stage, and who began today', async () => {
    expect((await pulse()).customers).toEqual({ total: 3, prospects: 1, customers: 2, former: 0, cameInToday: 1 })
  })

  test('a decision counts in its minute and hour, and no longer after them', async () => {
    const before = (await pulse()).decisions
    await decideOnce()
    const after = (await pulse()).decisions
    expect([after.lastMinute - before.lastMinute, after.lastHour - before.lastHour]).toEqual([1, 1])
    expect(after.minutes).toHaveLength(60)
    expect(after.minutes.at(-1)!.made).toBe(after.lastHour)
    bank.clock.advanceMs(5 * 60_000)
    const later = (await pulse()).decisions
    expect([later.lastMinute, later.lastHour]).toEqual([0, after.lastHour])
    expect(later.minutes.at(-6)!.made).toBe(after.lastHour)
    bank.clock.advanceMs(60 * 60_000)
    expect((await pulse()).decisions.lastHour).toBe(0)
  })

  test('a contact and its answer show, and what was learned of it', async () => {
    const offer = await offered()
    const before = await pulse()
    await recordResponse(bank.rt, { contactId: offer.contactId, kind: 'accept', idempotencyKey: 'a1', actor })
    await recordOutcome(bank.rt, { ...offer, customerId: 1, kind: 'accepted' })
    const after = await pulse()
    const accepted = (of: typeof after) =>
      of.contacts.lines.find((l: { state: string }) => l.state === 'accepted')?.count ?? 0
    expect(accepted(after) - accepted(before)).toBe(1)
    expect(after.contacts.today).toBe(before.contacts.today)
    expect([after.answers.kinds.accept, after.answers.today]).toEqual([1, 1])
    expect([after.learned.offered, after.learned.accepted]).toEqual([1, 1])
  })

  test('an answer to a contact of this morning moves it too, hours later', async () => {
    const { contactId } = await offered()
    bank.clock.advanceMs(3 * 3_600_000)
    const before = await pulse()
    await recordResponse(bank.rt, { contactId, kind: 'refuse', idempotencyKey: 'a2', actor })
    const after = await eventually(async () => {
      const now = await pulse()
      return now.contacts.lines.some((line: { state: string }) => line.state === 'refused') && now
    })
    expect(after.contacts.today).toBe(before.contacts.today)
    expect(after.contacts.lines).toContainEqual({ channel: 'app', state: 'refused', count: 1 })
    expect(after.answers.kinds.refuse).toBe(1)
  })

  test('says what waits for a person', async () => {
    const { rt } = bank
    const text = (await http.call('GET', '/api/trust/playbook/documents/action/goal_saver', { as: 'sofia' })).body?.text
    await createDraft(
      rt,
      { title: 'Spring', reason: 'spring', changes: text ? [{ kind: 'action', id: 'goal_saver', text }] : [] },
      person('riya'),
    )
    await rt.db`insert into platform.set_aside (customer_id, version, sequence, subscription, type, payload, attempts, reason)
                values (1, 1, 1, 'x', 'y', '{}', 5, 'no')`
    await http.call('POST', '/api/trust/stops', {
      as: 'dag',
      body: { scope: 'channel', target: 'call', reason: 'calls go astray' },
    })
    const { needs } = await pulse()
    expect(needs).toMatchObject({ setAside: 1, stops: 1, draftsAwaitingApproval: text ? 1 : 0, failedJobs: 0 })
  })

  test('begins a new day at midnight of the bank’s zone', async () => {
    bank.clock.set('2026-07-03T22:59:00Z')
    expect((await pulse()).day).toBe('2026-07-03')
    bank.clock.set('2026-07-03T23:01:00Z')
    const { day, contacts, answers } = await pulse()
    expect([day, contacts.today, answers.today]).toEqual(['2026-07-04', 0, 0])
  })
})

interface Heard {
  event: string
  data: Record<string, unknown>
}

const open: AbortController[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.abort()
})

/** Asks for the stream on a connection of its own. */
const ask = (as: string, signal?: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${as}` }
    get(`${url}/api/learn/pulse/stream`, { headers, agent: false, ...(signal ? { signal } : {}) }, resolve).once(
      'error',
      reject,
    )
  })

/** Listens as a browser does; `next` waits for the next event of that name. */
async function listen(as: string): Promise<{ next(event: string, ms?: number): Promise<Heard>; ended: Promise<void> }> {
  const closing = new AbortController()
  open.push(closing)
  const answer = await ask(as, closing.signal)
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/event-stream'])
  const heard: Heard[] = []
  const ended = (async () => {
    let text = ''
    for await (const piece of answer.setEncoding('utf8')) {
      text += piece
      const parts = text.split('\n\n')
      text = parts.pop()!
      for (const part of parts) {
        const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? []
        if (event) heard.push({ event, data: JSON.parse(data!) })
      }
    }
  })().catch(() => {})
  return {
    ended,
    async next(event, ms = 20_000) {
      const until = performance.now() + ms
      for (;;) {
        const at = heard.findIndex((one) => one.event === event)
        if (at >= 0) return heard.splice(0, at + 1).at(-1)!
        if (performance.now() > until) throw new Error(`no ${event} within ${ms} ms`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
  }
}

describe('the pulse, live', () => {
  test('a decision is told to every listener, and only what changed', async () => {
    const [one, other] = await Promise.all([listen(http.key), listen(http.key)])
    const first = await one.next('pulse')
    await other.next('pulse')
    expect(Object.keys(first.data)).toContain('customers')
    await new Promise((resolve) => setTimeout(resolve, 600))
    await decideFor(bank.rt, { customerId: 2, channel: 'app', actor } as never)
    const told = await one.next('changed')
    await other.next('changed')
    expect(told.data).toHaveProperty('decisions')
    expect(told.data).not.toHaveProperty('customers')
  })

  test('ends when the key is revoked, and says so', async () => {
    const key = await http.keyWith(['learn.pulse:read'])
    const listener = await listen(key)
    await listener.next('pulse')
    await bank.rt.db`update trust.api_key set expires_at = ${bank.clock.now()} where title = 'a system'`
    expect((await listener.next('end')).data).toEqual({ reason: 'session' })
    await listener.ended
  })

  test('so many may listen to one server, and one more is told what to do instead', async () => {
    const listeners = await Promise.all(Array.from({ length: LISTENERS_MAX }, () => listen(http.key)))
    const answer = await ask(http.key)
    const text = await answer.setEncoding('utf8').reduce((all, piece) => all + piece, '')
    expect([answer.statusCode, JSON.parse(text).error.code]).toEqual([503, 'listeners_full'])
    for (const one of open.splice(0)) one.abort()
    await Promise.all(listeners.map(({ ended }) => ended))
    await new Promise((resolve) => setTimeout(resolve, 100))
    const again = await listen(http.key)
    await again.next('pulse')
  })

  test('a closing server says goodbye and does not wait for its listeners', async () => {
    const listener = await listen(http.key)
    await listener.next('pulse')
    const began = performance.now()
    await Promise.all([
      closeServer(http.app, 30_000),
      listener.next('end').then(({ data }) => expect(data).toEqual({ reason: 'server' })),
    ])
    await listener.ended
    expect(performance.now() - began).toBeLessThan(30_000)
  })
})
