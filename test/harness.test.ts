import { afterAll, describe, expect, test } from 'vitest'
import { testBank } from '#test/harness'

describe('a bank for tests', () => {
  const opened: { close(): Promise<void> }[] = []
  afterAll(async () => {
    for (const bank of opened) await bank.close()
  })

  test('has every table of the migrations and a clock that stands still', async () => {
    const bank = await testBank()
    opened.push(bank)
    const [found] = await bank.rt.db<{ count: number }[]>`select count(*) from platform.migration`
    expect(found!.count).toBeGreaterThan(0)
    expect(bank.clock.now().toISOString()).toBe('2026-03-02T08:00:00.000Z')
  })

  test('two banks see nothing of each other, in either store', async () => {
    const [one, other] = await Promise.all([testBank(), testBank()])
    opened.push(one, other)
    await one.rt.db`insert into platform.migration (store, name, digest) values ('lake', 'only here', '')`
    await one.rt.lake.command('create database if not exists know')
    await one.rt.lake.command('create table know.only_here (a UInt8) engine = MergeTree order by a')
    expect(await other.rt.db`select 1 from platform.migration where name = 'only here'`).toHaveLength(0)
    expect(await other.rt.lake.query(`select 1 from system.tables where name = 'only_here'`)).toHaveLength(0)
  })

  test('a bank opened after another was closed is empty', async () => {
    const first = await testBank()
    await first.rt.lake.command('create database if not exists know')
    await first.rt.lake.command('create table if not exists know.left_behind (a UInt8) engine = MergeTree order by a')
    await first.close()
    const next = await testBank()
    opened.push(next)
    expect(await next.rt.lake.query(`select 1 from system.tables where name = 'left_behind'`)).toHaveLength(0)
  })

  test('is a copy of one that was prepared before: no migration runs while it opens', async () => {
    const asked = new Date()
    const bank = await testBank()
    opened.push(bank)
    const [found] = await bank.rt.db<{ latest: Date }[]>`select max(applied_at) as latest from platform.migration`
    expect(found!.latest.getTime()).toBeLessThan(asked.getTime())
  })
})
