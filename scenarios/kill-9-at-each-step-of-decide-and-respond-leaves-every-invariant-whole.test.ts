import { type ChildProcess, fork } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bank, openBank } from '#app/bank'
import { invariants, subscriptions, wire } from '#app/modules'
import { replay } from '#decide/decisions'
import { drain } from '#platform/outbox'
import { runInvariants } from '#platform/postgres'
import { runPlaybook } from '#test/playbook'
import { eventually, scratchFolder } from '#test/scratch'
import { smallPlaybook } from '#test/small-playbook'
import { ALL_PERMISSIONS, createKey, systemActor } from '#trust/access'
import type { Document } from '#trust/playbook'
import type { Order, Victim, Word } from '../test/killable-server.ts'

/**
 * A saver opens the bank's app, is offered the Goal Saver and accepts, while something is killed after one statement or
 * just before the reply. The app does what an app does: it asks again with the same key until it is answered.
 */
const RECOVERY_MS_MAX = 30_000
const SAVERS = 150
const FIRST = 1000
/** Some of the steps here, spread over all; each of them in the long run. */
const LONG = process.env.CLIENTELE_LONG === '1'
const STRIDE: Record<Victim, number> = { server: LONG ? 1 : 4, postgres: LONG ? 1 : 4, clickhouse: LONG ? 1 : 6 }

const scratch = scratchFolder('killed')
const dataDir = `${scratch.path}/bank`
const quiet = { dataDir, env: { CLIENTELE_LOG_LEVEL: 'silent', CLIENTELE_SHARED_BUFFERS_BYTES: '67108864' } }
let key: string
let server: ChildProcess | undefined
let url = ''
let heard: ((word: Word) => void) | undefined
let killed: { victim: Victim; step: string } | undefined

function startServer(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('../test/killable-server.ts', import.meta.url), [dataDir], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    server = child
    child.once('exit', () => {
      if (server === child) server = undefined
      reject(new Error('the server ended before it listened'))
    })
    child.on('message', (word: Word) => {
      if ('armed' in word || 'counted' in word) heard?.(word)
      else if ('killed' in word) killed = { victim: word.killed, step: word.step }
      else {
        url = word.url
        resolve()
      }
    })
  })
}

/** What the server answers to a word of ours. */
function ask(word: Order | 'count'): Promise<Word> {
  return new Promise((resolve) => {
    heard = resolve
    server!.send(word)
  })
}

/** Posts until there is an answer; what else than an answer or a passing failure comes back fails the test. */
async function persistently(path: string, body: object): Promise<{ body: Record<string, unknown>; tookMs: number }> {
  const began = performance.now()
  for (;;) {
    if (!server) await startServer()
    try {
      const answer = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      })
      const found = (await answer.json()) as Record<string, unknown>
      if (answer.status < 300) return { body: found, tookMs: performance.now() - began }
      if (answer.status < 500) expect.unreachable(`${path}: ${answer.status} ${JSON.stringify(found)}`)
    } catch (error) {
      if ((error as Error).name === 'AssertionError') throw error
    }
    expect(performance.now() - began, `no answer to ${path}`).toBeLessThan(RECOVERY_MS_MAX)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

interface Said {
  customerId: number
  decisionId: string
  contactId: string
}
const said: Said[] = []
let next = FIRST

/** One saver asks and accepts. Returns what was killed on the way, and how long the slower answer took. */
async function converse(order?: Order): Promise<{ killed: typeof killed; tookMs: number }> {
  killed = undefined
  const customerId = next++
  if (order) await ask(order)
  const decided = await persistently('/api/decide/decisions', {
    customerId,
    channel: 'app',
    idempotencyKey: `ask-${customerId}`,
  })
  const { decisionId, actions } = decided.body as unknown as {
    decisionId: string
    actions: { action: string; contactId: string }[]
  }
  expect(actions.map(({ action }) => action)).toEqual(['goal_saver'])
  const { contactId } = actions[0]!
  const answered = await persistently('/api/engage/inbound/responses', { contactId, kind: 'accept' })
  expect(answered.body).toMatchObject({ contactId, state: 'accepted' })
  said.push({ customerId, decisionId, contactId })
  return { killed, tookMs: Math.max(decided.tookMs, answered.tookMs) }
}

async function withBank<T>(work: (bank: Bank) => Promise<T>): Promise<T> {
  const bank = await openBank(quiet)
  try {
    return await work(bank)
  } finally {
    await bank.close()
  }
}

beforeAll(async () => {
  wire()
  const playbook = await smallPlaybook((documents) => documents.filter(({ kind }) => kind !== 'experiment'))
  await withBank(async ({ rt }) => {
    await runPlaybook(
      rt,
      [...playbook.documents.values()].flatMap((ofKind): Document[] => [...ofKind.values()]),
    )
    await rt.db`insert into know.customer (customer_id, birth_on, source)
                select ${FIRST}::bigint + i, '1990-05-05', 'core' from generate_series(0, ${SAVERS - 1}) i`
    await rt.db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
                select customer_id, customer_id, 'everyday', 'EUR', '2020-01-01', '{"small_savings": 5, "surplus": 12000}' from know.customer`
    await rt.db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
                select customer_id, customer_id, 'owner', 'sole', 10000, '2020-01-01', customer_id from know.customer`
    const permissions = [...ALL_PERMISSIONS].filter((permission) => permission !== 'trust.access:manage')
    key = (await createKey(rt, { title: 'the app', permissions, days: 30 }, systemActor('test'))).key
  })
  await startServer()
})
afterAll(async () => {
  server?.kill('SIGKILL')
  // Opening and closing it once ends what the killed server left.
  await withBank(async () => {})
  scratch.remove()
})

test('undisturbed, it is one decision and one answer', async () => {
  expect(await converse()).toMatchObject({ killed: undefined })
})

describe.each<Victim>(['server', 'postgres', 'clickhouse'])('kill -9 of the %s', (victim) => {
  test(`at each step: every question is answered within ${RECOVERY_MS_MAX / 1000} s, and answered once`, async () => {
    const steps: string[] = []
    for (let after = 1; ; after += STRIDE[victim]) {
      const { killed, tookMs } = await converse({ victim, after })
      if (!killed) {
        // Behind the last step there is nothing left to be killed at.
        const word = await ask('count')
        expect('counted' in word && word.counted).toBeLessThan(after)
        break
      }
      expect(killed.victim).toBe(victim)
      expect(tookMs, `after ${killed.step}`).toBeLessThan(RECOVERY_MS_MAX)
      steps.push(killed.step)
    }
    expect(steps.length).toBeGreaterThanOrEqual(LONG ? 8 : 2)
  }, 240_000)
})

test('afterwards every invariant holds, and what was answered is what is stored, once', async () => {
  await new Promise<void>((resolve) => {
    if (!server) return resolve()
    server.once('exit', () => resolve())
    server.send('stop')
  })
  await withBank(async ({ rt }) => {
    // What a killed server was delivering waits for the end of its lease.
    await eventually(async () => {
      await drain(rt, subscriptions)
      return (await rt.db`select 1 from platform.outbox`).length === 0
    }, RECOVERY_MS_MAX)
    for (const { id, sentence, rows } of await runInvariants(rt, invariants))
      expect(rows, `${id}: ${sentence}`).toEqual([])
    const decisions = await rt.db<{ customerId: number; decisionId: string }[]>`
      select customer_id as "customerId", decision_id as "decisionId" from decide.decision order by customer_id`
    expect(decisions.map(({ customerId, decisionId }) => [customerId, decisionId])).toEqual(
      said.map(({ customerId, decisionId }) => [customerId, decisionId]),
    )
    const contacts = await rt.db<{ customerId: number; contactId: string; state: string }[]>`
      select customer_id as "customerId", contact_id as "contactId", state from know.contact order by customer_id`
    expect(contacts.map(({ customerId, contactId, state }) => [customerId, contactId, state])).toEqual(
      said.map(({ customerId, contactId }) => [customerId, contactId, 'accepted']),
    )
    const responses = await rt.db<{ customerId: number; kind: string; times: number }[]>`
      select customer_id as "customerId", kind, count(*) as times from know.response group by 1, 2 order by 1`
    expect(responses.map(({ customerId, kind, times }) => [customerId, kind, times])).toEqual(
      said.map(({ customerId }) => [customerId, 'accept', 1]),
    )
    expect(await rt.db`select 1 from platform.set_aside`).toEqual([])
    // Made by other processes, most of them dead: this one makes each again from its row alone, after all was learned.
    const actor = systemActor('test')
    for (const { decisionId } of said)
      expect(await replay(rt, { decisionId, actor }), decisionId).toMatchObject({ identical: true })
  })
})
