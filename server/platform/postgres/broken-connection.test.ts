import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inTransaction, openPostgres, type Postgres } from '#platform/postgres'
import { eventually, scratchFolder } from '#test/scratch'

/** What the driver must bear, and as published does not: see driver.ts. */
describe('a connection that breaks', () => {
  const scratch = scratchFolder('broken')
  let postgres: Postgres
  beforeAll(async () => {
    const log = { info: () => {}, warn: () => {}, error: () => {} }
    postgres = await openPostgres({ dataDir: scratch.path, sharedBuffersBytes: 32 * 1024 ** 2, connectionsMax: 4, log })
    await postgres.db`create table step (n int)`
  })
  afterAll(async () => {
    await postgres.close()
    scratch.remove()
  })
  const answers = () => eventually(() => postgres.db`select 1 as one`)

  test('takes its transaction with it: later statements of it are refused, and never run outside it', async () => {
    const { db } = postgres
    const after: unknown[] = []
    const broken = inTransaction(db, async (tx) => {
      await tx`insert into step values (1)`
      process.kill(postgres.pid()!, 'SIGKILL')
      // By now the connection is open again, for others.
      await new Promise((resolve) => setTimeout(resolve, 200))
      await answers()
      for (const n of [2, 3]) await tx`insert into step values (${n})`.catch((error: unknown) => after.push(error))
    })
    await expect(broken).rejects.toThrow()
    await eventually(() => after.length === 2)
    expect(await db`select n from step`).toEqual([])
  })

  test('does not undo the transaction of another that has its place since', async () => {
    const { db } = postgres
    let settle = (): void => {}
    const broken = inTransaction(db, async (tx) => {
      await tx`insert into step values (4)`
      process.kill(postgres.pid()!, 'SIGKILL')
      await new Promise<void>((resolve) => {
        settle = resolve
      })
      throw new Error('so that it is rolled back')
    })
    const refused = expect(broken).rejects.toThrow()
    await new Promise((resolve) => setTimeout(resolve, 200))
    await answers()
    await Promise.all(
      [5, 6, 7, 8].map((n) =>
        inTransaction(db, async (tx) => {
          await tx`insert into step values (${n})`
          settle()
          await new Promise((resolve) => setTimeout(resolve, 100))
          await tx`select 1`
        }),
      ),
    )
    await refused
    expect((await db<{ n: number }[]>`select n from step order by n`).map(({ n }) => n)).toEqual([5, 6, 7, 8])
  })

  test('is not needed for a transaction to fail: one whose statement failed is never taken for committed', async () => {
    const { db } = postgres
    const swallowed = inTransaction(db, async (tx) => {
      await tx`insert into step values (9)`
      await tx`insert into nowhere values (9)`.catch(() => {})
    })
    await expect(swallowed).rejects.toThrow('nothing of it was kept')
    await expect(inTransaction(db, (tx) => tx`insert into nowhere values (9)`)).rejects.toThrow('nowhere')
    expect(await db`select n from step where n = 9`).toEqual([])
  })

  test('breaks its reserved session for good, and gives nothing back that is dead', async () => {
    const session = await postgres.db.reserve()
    await session`select 1`
    process.kill(postgres.pid()!, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, 200))
    await answers()
    await expect(session`select 1`).rejects.toThrow()
    session.release()
    await answers()
  })

  test('under load and again and again: every statement settles, and every connection comes back', async () => {
    const { db } = postgres
    for (let round = 0; round < 4; round++) {
      let settled = 0
      const load = Array.from({ length: 200 }, async (_, i) => {
        await new Promise((resolve) => setTimeout(resolve, i % 40))
        const statement =
          i % 2 ? db`select ${i}::int` : inTransaction(db, async (tx) => tx`select ${'x'.repeat(i * 20)}::text`)
        await Promise.resolve(statement).catch(() => {})
        settled++
      })
      setTimeout(() => process.kill(postgres.pid()!, 'SIGKILL'), 15)
      await Promise.all(load)
      expect(settled).toBe(200)
      // A child of the killed server may still answer; when it has gone as well, all four connections have to.
      await eventually(async () => {
        await Promise.all(Array.from({ length: 40 }, () => db`select pg_sleep(0.01)`))
        return true
      }, 10_000)
    }
  })
})

describe('a pool that lives long', () => {
  const scratch = scratchFolder('long-lived')
  let postgres: Postgres
  beforeAll(async () => {
    const log = { info: () => {}, warn: () => {}, error: () => {} }
    postgres = await openPostgres({ dataDir: scratch.path, sharedBuffersBytes: 32 * 1024 ** 2, connectionsMax: 4, log })
  })
  afterAll(async () => {
    await postgres.close()
    scratch.remove()
  })

  // With what was published this test does not end in its time: each session looks through all that went before.
  test('gives its millionth session as readily as its first', async () => {
    const { db } = postgres
    // All four are open, and never are all of them taken.
    await Promise.all([1, 2, 3, 4].map((n) => db`select pg_sleep(0.2), ${n}::int`))
    for (let n = 0; n < 1_000_000; n++) (await db.reserve()).release()
    expect(await db`select 1 as one`).toEqual([{ one: 1 }])
  })
})
