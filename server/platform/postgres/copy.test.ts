import { Readable } from 'node:stream'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { copyFrom, copyRows, copyTo, type Db } from '#platform/postgres'
import { type TestBank, testBank } from '#test/harness'

describe('COPY', () => {
  let bank: TestBank
  let db: Db
  beforeAll(async () => {
    bank = await testBank()
    db = bank.rt.db
    await db.unsafe(`create table public.sample (
      id bigint primary key, text text, list text[], facts jsonb, at timestamptz, on_day date, raw bytea, yes boolean, rate double precision)`)
  })
  afterAll(() => bank.close())
  const columns = ['id', 'text', 'list', 'facts', 'at', 'on_day', 'raw', 'yes', 'rate']

  test('brings every text back as it was, whatever it holds', async () => {
    // PostgreSQL's text cannot hold the character zero.
    const text = fc.string({ unit: 'binary', maxLength: 40 }).map((found) => found.replaceAll('\0', ''))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(text, fc.array(text, { maxLength: 3 }), text), { maxLength: 30 }),
        async (rows) => {
          await db`truncate public.sample`
          await copyRows(
            db,
            'public.sample',
            ['id', 'text', 'list', 'facts'],
            rows.map(([one, list, json], i) => [i, one, list, { json }]),
          )
          const found = await db<{ text: string; list: string[]; facts: { json: string } }[]>`
          select text, list, facts from public.sample order by id`
          expect(found.map((row) => [row.text, row.list, row.facts.json])).toEqual(rows)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('keeps types: instants, days, bytes, truth, numbers and nothing', async () => {
    await db`truncate public.sample`
    const at = new Date('2026-02-28T23:59:59.123Z')
    await copyRows(db, 'public.sample', columns, [
      [2 ** 53 - 1, '', [], null, at, '2024-02-29', Buffer.from([0, 92, 255]), true, 0.1],
      [1, null, null, { a: [1, 'b\n'] }, null, null, null, false, Number.NaN],
    ])
    const [nothing, full] = await db`select * from public.sample order by id`
    expect(full).toEqual({
      id: 2 ** 53 - 1,
      text: '',
      list: [],
      facts: null,
      at,
      on_day: '2024-02-29',
      raw: Buffer.from([0, 92, 255]),
      yes: true,
      rate: 0.1,
    })
    expect(nothing).toMatchObject({
      text: null,
      list: null,
      facts: { a: [1, 'b\n'] },
      at: null,
      yes: false,
      rate: Number.NaN,
    })
  })

  test('a source that fails half-way leaves nothing', async () => {
    await db`truncate public.sample`
    async function* rows(): AsyncIterable<unknown[]> {
      for (let i = 0; i < 50_000; i++) yield [i, 'x'.repeat(50)]
      throw new Error('the feed broke off')
    }
    await expect(copyRows(db, 'public.sample', ['id', 'text'], rows())).rejects.toThrow('the feed broke off')
    expect(await db`select 1 from public.sample`).toHaveLength(0)
  })

  test('a row that the table refuses fails the whole, and the connection goes on', async () => {
    await expect(copyRows(db, 'public.sample', ['id'], [[1], [1]])).rejects.toMatchObject({ code: '23505' })
    expect(await db`select 1 from public.sample`).toHaveLength(0)
  })

  test('a slow reader holds the source up, so that little is kept in memory', async () => {
    await db`truncate public.sample`
    let given = 0
    async function* rows(): AsyncIterable<unknown[]> {
      for (; given < 200_000; given++) yield [given, 'x'.repeat(100)]
    }
    const before = process.memoryUsage().rss
    expect(await copyRows(db, 'public.sample', ['id', 'text'], rows())).toBe(200_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
  })

  test('other statements go on while something is copied in, and while something is copied out', async () => {
    await db`truncate public.sample`
    let goOn!: () => void
    const until = new Promise<void>((resolve) => {
      goOn = resolve
    })
    async function* rows(): AsyncIterable<unknown[]> {
      yield [1, 'x'.repeat(300_000)]
      await until
      yield [2, 'y']
    }
    const copying = copyRows(db, 'public.sample', ['id', 'text'], rows())
    const many = () => Promise.all(Array.from({ length: 60 }, () => db`select pg_sleep(0.02)`))
    expect(await many()).toHaveLength(60)
    goOn()
    expect(await copying).toBe(2)
    // Nobody reads on: what is left of it is let go, and nobody else gets to hear of it.
    const bytes = await copyTo(db, `(select repeat('z', 1000) from generate_series(1, 200000))`)
    expect(await many()).toHaveLength(60)
    bytes.destroy()
    for (let n = 0; n < 5; n++) expect(await many()).toHaveLength(60)
  })

  test('rows out of one table go into another as they are', async () => {
    await db`truncate public.sample`
    await copyRows(
      db,
      'public.sample',
      ['id', 'text'],
      [
        [1, 'a\tb'],
        [2, null],
      ],
    )
    await db.unsafe('create table public.other (like public.sample)')
    await copyFrom(db, 'public.other', ['id', 'text'], await copyTo(db, 'public.sample (id, text)'))
    expect(await db`select id, text from public.other order by id`).toEqual([
      { id: 1, text: 'a\tb' },
      { id: 2, text: null },
    ])
  })

  test('bytes that are no rows are refused with the line', async () => {
    await expect(copyFrom(db, 'public.sample', ['id', 'text'], Readable.from(['1\ta\nx\tb\n']))).rejects.toMatchObject({
      where: expect.stringContaining('line 2'),
    })
  })
})

describe('types', () => {
  let bank: TestBank
  beforeAll(async () => {
    bank = await testBank()
  })
  afterAll(() => bank.close())

  test('a bigint that no number can hold throws instead of being another one', async () => {
    expect((await bank.rt.db`select 9007199254740991::bigint as n`)[0]!.n).toBe(9007199254740991)
    await expect(bank.rt.db`select 9007199254740993::bigint as n`).rejects.toThrow(/beyond/)
  })

  test('an instant is UTC whatever the session, a date stays what it says', async () => {
    const [row] = await bank.rt.db`select '2026-03-29 02:30+02'::timestamptz as at, '2026-03-29'::date as day`
    expect(row).toEqual({ at: new Date('2026-03-29T00:30:00Z'), day: '2026-03-29' })
  })
})
