import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Migration, migrate, readMigrations, statementsOf } from '#platform/migrations'
import { createDatabase, type Db, pool } from '#platform/postgres'
import { type TestBank, testBank } from '#test/harness'

const migration = (name: string, sql: string, store: 'postgres' | 'lake' = 'postgres'): Migration => ({
  store,
  name,
  sql,
  digest: createHash('sha256').update(sql).digest('hex'),
})
const ONE = migration('20990101000000_know_one', 'create table public.one (a int);')
const TWO = migration('20990102000000_know_two', 'create table public.two (a int); insert into public.two values (1);')
const LAKE = migration(
  '20990101000000_know_lake',
  'create database if not exists know;\n-- a remark; with a semicolon\ncreate table if not exists know.added (a UInt8) engine = MergeTree order by a;\n',
  'lake',
)

describe('migrations', () => {
  let bank: TestBank
  let db: Db
  const opened: Db[] = []
  beforeAll(async () => {
    bank = await testBank()
  })
  afterAll(async () => {
    for (const each of opened) await each.end()
    await bank.close()
  })
  /** An empty database of its own. */
  async function emptyDatabase(name: string): Promise<Db> {
    const connection = { ...bank.connection, database: `${bank.connection.database}_${name}` }
    await createDatabase(connection)
    const made = pool(connection, { connectionsMax: 6 })
    opened.push(made)
    return made
  }

  test('each runs once, in the order of the names, in both stores', async () => {
    db = await emptyDatabase('once')
    expect(await migrate(db, bank.rt.lake, [ONE, LAKE])).toEqual([ONE.name, LAKE.name])
    expect(await migrate(db, bank.rt.lake, [ONE, TWO, LAKE])).toEqual([TWO.name])
    expect(await migrate(db, bank.rt.lake, [ONE, TWO, LAKE])).toEqual([])
    expect(await bank.rt.lake.query('exists know.added')).toEqual([{ result: 1 }])
  })

  test('servers that start together run each once', async () => {
    db = await emptyDatabase('together')
    const runs = await Promise.all(Array.from({ length: 4 }, () => migrate(db, bank.rt.lake, [ONE, TWO])))
    expect(runs.flat().sort()).toEqual([ONE.name, TWO.name])
    expect(await db`select a from public.two`).toHaveLength(1)
  })

  test('one that fails leaves nothing of itself and says where', async () => {
    db = await emptyDatabase('fails')
    const broken = migration(
      '20990103000000_know_broken',
      'create table public.half (a int);\n\ncreate tabel x (a int);',
    )
    await expect(migrate(db, bank.rt.lake, [ONE, broken])).rejects.toMatchObject({
      code: 'migration_failed',
      facts: { migration: broken.name, line: 3 },
    })
    expect(await db`select to_regclass('public.half') as half`).toEqual([{ half: null }])
    expect(await migrate(db, bank.rt.lake, [ONE, TWO])).toEqual([TWO.name])
  })

  test('one that has another text than when it ran is refused', async () => {
    db = await emptyDatabase('changed')
    await migrate(db, bank.rt.lake, [ONE])
    await expect(migrate(db, bank.rt.lake, [migration(ONE.name, `${ONE.sql} -- changed`)])).rejects.toMatchObject({
      code: 'migration_changed',
      facts: { changed: [`postgres ${ONE.name}`] },
    })
  })

  test('stores that a newer build has opened are refused by an older one, before anything is changed', async () => {
    db = await emptyDatabase('newer')
    await migrate(db, bank.rt.lake, [ONE, TWO])
    const other = migration('20990101500000_know_other', 'create table public.other (a int);')
    await expect(migrate(db, bank.rt.lake, [ONE, other])).rejects.toMatchObject({
      code: 'data_newer_than_build',
      facts: { unknown: [`postgres ${TWO.name}`] },
    })
    expect(await db`select to_regclass('public.other') as other`).toEqual([{ other: null }])
  })

  test("the house's own are named by time, layer and module", () => {
    for (const { name } of readMigrations())
      expect(name).toMatch(/^\d{14}_(platform|trust|know|decide|engage|learn)_[a-z_]+$/)
  })

  test('statements end with a semicolon at the end of a line', () => {
    expect(statementsOf("select ';';\n-- only a remark;\nselect 2 ; -- done\nselect\n 3")).toEqual([
      "select ';'",
      'select 2',
      'select\n 3',
    ])
  })
})
