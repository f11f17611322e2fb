/** Server processes that are killed (kill -9) while they deliver messages and run jobs: nothing is lost, order is kept. */
import { type ChildProcess, spawn } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { enqueue, findJob } from '#platform/jobs'
import { backlog, publish } from '#platform/outbox'
import { type TestBank, testBank } from '#test/harness'

const LEASE_MS = 1500
let bank: TestBank
const children: ChildProcess[] = []
beforeEach(async () => {
  bank = await testBank()
  await bank.rt.db.unsafe(
    'create schema heard; create table heard.message (n bigint generated always as identity, who text, customer_id bigint, said int)',
  )
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await bank.close()
})

/** A server process of its own on this bank, as far as messages and jobs go. */
function serverProcess(name: string): ChildProcess {
  const code = `
    import { fakeClock } from '#platform/clock'
    import { startWorkers } from '#platform/jobs'
    import { startRelay } from '#platform/outbox'
    import { pool } from '#platform/postgres'
    import { randomIds } from '#platform/runtime'
    const db = pool(${JSON.stringify(bank.connection)}, { connectionsMax: 4 })
    const rt = { db, clock: fakeClock('2026-03-02T08:00:00Z'), ids: randomIds(() => 0), log: { info() {}, warn() {}, error() {} } }
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
    startRelay(rt, [{ name: 'heard', type: 'know.said', handle: async (rt, { customerId, payload }) => {
      await pause(5)
      await rt.db\`insert into heard.message (who, customer_id, said) values ('${name}', \${customerId}, \${payload.n})\`
    } }], { idleMs: 10, leaseMs: ${LEASE_MS} })
    startWorkers(rt, [{ name: 'count', handle: async (rt, _payload, { resumeFrom, progress }) => {
      for (let n = (resumeFrom?.n ?? 0) + 1; n <= 40; n++) {
        await pause(25)
        await rt.db\`insert into heard.message (who, customer_id, said) values ('${name}', 0, \${n})\`
        await progress({ n })
      }
      return '${name}'
    } }], { idleMs: 10, leaseMs: ${LEASE_MS} })
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'ignore', 'inherit'] })
  children.push(child)
  return child
}

const until = async (holds: () => Promise<boolean>, withinMs = 20_000) => {
  for (const end = Date.now() + withinMs; Date.now() < end; ) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  expect(await holds()).toBe(true)
}
const heard = (customerId: number) =>
  bank.rt.db<
    { who: string; said: number }[]
  >`select who, said from heard.message where customer_id = ${customerId} order by n`
const countBy = async (who: string) => (await bank.rt.db`select 1 from heard.message where who = ${who}`).length
/** Each once, in the order of its first time: a message may come again, never before its predecessor. */
const inOrder = (rows: { said: number }[]) => [...new Set(rows.map((row) => row.said))]

describe('a server process that is killed or paused while it works', () => {
  test('killed, it loses no message, and each customer still hears in order', async () => {
    const customers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    for (let n = 1; n <= 12; n++)
      for (const customerId of customers) await publish(bank.rt, { type: 'know.said', customerId, payload: { n } })
    const first = serverProcess('first')
    await until(async () => (await countBy('first')) >= 15)
    first.kill('SIGKILL')
    serverProcess('second')
    await until(async () => (await backlog(bank.rt)).customers === 0)
    for (const customerId of customers)
      expect(inOrder(await heard(customerId)), `customer ${customerId}`).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
      ])
    expect(await countBy('second')).toBeGreaterThan(0)
  })

  test('paused past its lease and going on later, it can end nothing that is no longer its own', async () => {
    const customers = [1, 2, 3, 4, 5]
    for (let n = 1; n <= 12; n++)
      for (const customerId of customers) await publish(bank.rt, { type: 'know.said', customerId, payload: { n } })
    const jobId = await enqueue(bank.rt, 'count', {})
    const first = serverProcess('first')
    await until(async () => (await countBy('first')) >= 15)
    first.kill('SIGSTOP')
    serverProcess('second')
    await until(async () => (await findJob(bank.rt, jobId)).attempts === 2 && (await countBy('second')) > 10)
    first.kill('SIGCONT')
    await until(
      async () => (await backlog(bank.rt)).customers === 0 && (await findJob(bank.rt, jobId)).state === 'done',
    )
    for (const customerId of customers)
      expect(inOrder(await heard(customerId)), `customer ${customerId}`).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
      ])
    expect(await findJob(bank.rt, jobId)).toMatchObject({ result: 'second', attempts: 2 })
  })

  test('killed, it stops a job for no longer than its lease: another goes on from the progress it had recorded', async () => {
    const jobId = await enqueue(bank.rt, 'count', {})
    const first = serverProcess('first')
    await until(async () => (await countBy('first')) >= 10)
    first.kill('SIGKILL')
    const before = await countBy('first')
    serverProcess('second')
    await until(async () => (await findJob(bank.rt, jobId)).state === 'done')
    const job = await findJob(bank.rt, jobId)
    expect(job).toMatchObject({ result: 'second', attempts: 2, progress: { n: 40 } })
    const rows = await heard(0)
    expect(inOrder(rows)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
    // At most the one step whose progress was not recorded is done again.
    expect(rows.length).toBeLessThanOrEqual(41)
    expect(rows.filter((row) => row.who === 'second')[0]!.said).toBeGreaterThanOrEqual(before)
  })
})
