import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runInvariants } from '#platform/postgres'
import { transaction } from '#platform/runtime'
import { type TestBank, testBank } from '#test/harness'
import {
  backlog,
  drain,
  giveAgain,
  invariants,
  type Message,
  publish,
  publishAll,
  type Subscription,
  setAside,
  startRelay,
  takeVersion,
  takeVersions,
  versionsOf,
} from './index.ts'

let bank: TestBank
beforeEach(async () => {
  bank = await testBank()
})
afterEach(() => bank.close())

const said = (customerId: number, n: number) => ({ type: 'know.said', customerId, payload: { n } })
const listener = (heard: Message[], name = 'listener'): Subscription => ({
  name,
  type: 'know.said',
  handle: async (_rt, message) => void heard.push(message),
})
const numbers = (heard: Message[], customerId: number) =>
  heard.filter((m) => m.customerId === customerId).map((m) => (m.payload as { n: number }).n)
const until = async (holds: () => boolean | Promise<boolean>) => {
  for (let tries = 0; tries < 400 && !(await holds()); tries++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(await holds()).toBe(true)
}

describe('what happens to one customer has an order', () => {
  test('versions rise by one for each customer by itself', async () => {
    expect([await takeVersion(bank.rt, 7), await takeVersion(bank.rt, 7), await takeVersion(bank.rt, 8)]).toEqual([
      1, 2, 1,
    ])
    expect(await takeVersions(bank.rt, [9, 7, 9])).toEqual(
      new Map([
        [7, 3],
        [9, 1],
      ]),
    )
    expect(await takeVersions(bank.rt, [9, 7], [10, 1])).toEqual(
      new Map([
        [7, 4],
        [9, 11],
      ]),
    )
    expect(await versionsOf(bank.rt, [7, 9, 10])).toEqual(
      new Map([
        [7, 4],
        [9, 11],
      ]),
    )
  })

  test('of two transactions for one customer the second waits, and gets the later version', async () => {
    const order: string[] = []
    let taken = () => {}
    const hasTaken = new Promise<void>((resolve) => (taken = resolve))
    const slow = transaction(bank.rt, async (rt) => {
      const version = await takeVersion(rt, 7)
      taken()
      await new Promise((resolve) => setTimeout(resolve, 100))
      order.push(`slow ${version}`)
    })
    await hasTaken
    const quick = transaction(bank.rt, async (rt) => void order.push(`quick ${await takeVersion(rt, 7)}`))
    await Promise.all([slow, quick])
    expect(order).toEqual(['slow 1', 'quick 2'])
  })

  test('sets of customers that overlap never wait for each other in a circle', async () => {
    const ids = Array.from({ length: 30 }, (_, i) => i + 1)
    const takers = Array.from({ length: 12 }, (_, i) =>
      transaction(bank.rt, (rt) => takeVersions(rt, i % 2 ? ids : ids.toReversed())),
    )
    await Promise.all(takers)
    expect((await versionsOf(bank.rt, [15])).get(15)).toBe(12)
  })
})

describe('what was said is heard, at least once and in order', () => {
  test('a message is on its way only if its transaction commits', async () => {
    const heard: Message[] = []
    await transaction(bank.rt, async (rt) => {
      await publish(rt, said(1, 1))
      throw new Error('changed my mind')
    }).catch(() => {})
    await transaction(bank.rt, (rt) => publish(rt, said(1, 2)))
    await drain(bank.rt, [listener(heard)])
    expect(numbers(heard, 1)).toEqual([2])
    expect(await backlog(bank.rt)).toEqual({ customers: 0, oldestSeconds: 0 })
  })

  test('several servers share the work, and each customer hears in order', async () => {
    const heard: Message[] = []
    const relays = [1, 2, 3].map(() => startRelay(bank.rt, [listener(heard)], { idleMs: 5 }))
    for (let n = 0; n < 40; n++) await publishAll(bank.rt, [said(1, n), said(2, n), said((n % 5) + 3, n)])
    await until(async () => (await backlog(bank.rt)).customers === 0)
    await Promise.all(relays.map((relay) => relay.stop()))
    expect(numbers(heard, 1)).toEqual(Array.from({ length: 40 }, (_, n) => n))
    expect(numbers(heard, 2)).toEqual(numbers(heard, 1))
    expect(heard).toHaveLength(120)
  })

  test('a message that commits late, after later ones were heard, is not passed over', async () => {
    const heard: Message[] = []
    let [commit, published] = [() => {}, () => {}]
    const hasPublished = new Promise<void>((resolve) => (published = resolve))
    const late = transaction(bank.rt, async (rt) => {
      await publish(rt, said(1, 1))
      published()
      await new Promise<void>((resolve) => (commit = resolve))
    })
    await hasPublished
    await publish(bank.rt, said(2, 2))
    await drain(bank.rt, [listener(heard)])
    commit()
    await late
    await drain(bank.rt, [listener(heard)])
    expect(heard.map((message) => message.customerId)).toEqual([2, 1])
  })

  test('a subscription that takes many gets them together, one customer’s in order', async () => {
    const batches: Message[][] = []
    await publishAll(bank.rt, [said(1, 1), said(2, 1)])
    await publish(bank.rt, said(1, 2))
    await drain(bank.rt, [
      {
        name: 'many',
        type: ['know.said', 'know.other'],
        handleAll: async (_rt, messages) => void batches.push([...messages]),
      },
    ])
    expect(batches).toHaveLength(1)
    expect(numbers(batches[0]!, 1)).toEqual([1, 2])
  })
})

describe('a message that cannot be handled', () => {
  const failing = (bad: number, heard: Message[], tries: number[]): Subscription => ({
    name: 'strict',
    type: 'know.said',
    handle: async (_rt, message) => {
      const { n } = message.payload as { n: number }
      if (n === bad) {
        tries.push(n)
        throw new Error(`cannot take ${n}`)
      }
      heard.push(message)
    },
  })

  test('is tried eight times, set aside with its reason, and holds back nobody else', async () => {
    const [heard, others, tries]: [Message[], Message[], number[]] = [[], [], []]
    for (const n of [1, 2, 3])
      await publishAll(
        bank.rt,
        [said(1, n), said(2, n)].filter((m) => m.customerId === 1 || n !== 2),
      )
    await drain(bank.rt, [failing(2, heard, tries), listener(others)])
    expect(tries).toHaveLength(8)
    expect(numbers(heard, 1)).toEqual([1, 3])
    expect(numbers(heard, 2)).toEqual([1, 3])
    // Another subscription is not told again what it has handled.
    expect(numbers(others, 1)).toEqual([1, 2, 3])
    expect(await setAside(bank.rt)).toMatchObject([
      { customerId: 1, version: 2, subscription: 'strict', attempts: 8, reason: 'Error: cannot take 2' },
    ])
  })

  test('can be given again, to the one that refused it', async () => {
    const [heard, others]: [Message[], Message[]] = [[], []]
    await publish(bank.rt, said(1, 2))
    await drain(bank.rt, [failing(2, heard, []), listener(others)])
    const [message] = await setAside(bank.rt)
    await giveAgain(bank.rt, message!)
    await drain(bank.rt, [failing(99, heard, []), listener(others)])
    expect([numbers(heard, 1), numbers(others, 1), await setAside(bank.rt)]).toEqual([[2], [2], []])
    await expect(giveAgain(bank.rt, message!)).rejects.toMatchObject({ code: 'not_set_aside' })
  })

  test('in the middle of many is found, and the others are handled', async () => {
    const heard: Message[] = []
    await publishAll(bank.rt, [said(1, 1), said(2, 2), said(3, 3)])
    const many: Subscription = {
      name: 'many',
      type: 'know.said',
      handleAll: async (_rt, messages) => {
        if (messages.some((message) => message.customerId === 2)) throw new Error('not this one')
        heard.push(...messages)
      },
    }
    await drain(bank.rt, [many])
    expect(heard.map((message) => message.customerId).sort()).toEqual([1, 3])
    expect(await setAside(bank.rt)).toMatchObject([{ customerId: 2 }])
  })
})

test('P1 finds a message that nobody would ever deliver', async () => {
  await publish(bank.rt, said(1, 1))
  const found = async () => (await runInvariants(bank.rt, invariants))[0]!.rows.length
  expect(await found()).toBe(0)
  await bank.rt.db`delete from platform.outbox_turn`
  expect(await found()).toBe(1)
})

describe('a relay that is paused past its lease', () => {
  test('can finish nothing: what another has taken up is not marked done behind its back', async () => {
    const heard: string[] = []
    let resume = () => {}
    const pause = new Promise<void>((resolve) => (resume = resolve))
    await publish(bank.rt, said(1, 1))
    const paused = startRelay(bank.rt, [{ name: 's', type: 'know.said', handle: () => pause }], { idleMs: 5 })
    await until(async () => (await bank.rt.db`select 1 from platform.outbox_turn where fence > 0`).length === 1)
    // The lease runs out, and the other server fails: the message must stay on its way.
    await bank.rt.db`update platform.outbox_turn set due_at = clock_timestamp()`
    const other = startRelay(
      bank.rt,
      [
        {
          name: 's',
          type: 'know.said',
          handle: async () => {
            heard.push('other')
            throw new Error('not now')
          },
        },
      ],
      { idleMs: 5 },
    )
    await until(() => heard.length > 0)
    await other.stop()
    const stopped = paused.stop()
    resume()
    await stopped
    expect((await bank.rt.db`select 1 from platform.outbox`).length).toBe(1)
  })
})
