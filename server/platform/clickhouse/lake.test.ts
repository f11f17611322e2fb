import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lake, type OpenLake, openLake } from '#platform/clickhouse'
import { eventually, scratchFolder } from '#test/scratch'

const log = { info: () => {}, warn: () => {}, error: () => {} }
const scratch = scratchFolder('lake')
const ENDLESS = 'select count() as n from numbers(1000000000000) where sipHash64(number) = 1'
let lake: OpenLake
beforeAll(async () => {
  lake = await openLake({
    dataDir: scratch.path,
    log,
    queriesAtOnce: 6,
    queryMemoryBytes: 512 * 1024 ** 2,
    queryTimeoutMs: 60_000,
  })
  await lake.command('create database if not exists know')
  await lake.command('create table know.sample (a UInt32, b String, c UInt8 default 7) engine = MergeTree order by a')
})
afterAll(async () => {
  await lake.close()
  scratch.remove()
})
const rowsOf = (of: Lake) => of.query<{ a: number; b: string; c: number }>('select * from know.sample order by a, b')
const runningOf = (of: Lake) =>
  of.query<{ query: string }>(
    "select query from system.processes where query like '%numbers(1000000000000)%' and query not like '%system.processes%'",
  )

describe('questions', () => {
  test('values go in as parameters and come back as they were', async () => {
    const nasty = 'it\'s \\ a "text"\nwith\ttabs, {braces:String} and -- no comment; drop table know.sample'
    const [row] = await lake.query(
      'select {text:String} as text, {list:Array(String)} as list, {n:UInt64} as n, {on:Date32} as day, {none:Nullable(String)} as none',
      { text: nasty, list: [nasty, "'"], n: 9007199254740991, on: '2026-02-28', none: null },
    )
    expect(row).toEqual({ text: nasty, list: [nasty, "'"], n: 9007199254740991, day: '2026-02-28', none: null })
  })

  test('questions at the same time keep their own parameters', async () => {
    const found = await Promise.all(
      Array.from({ length: 120 }, (_, i) =>
        lake.query<{ x: number }>('select {x:UInt32} as x, sleepEachRow(0.001) as slept', { x: i }),
      ),
    )
    expect(found.map(([row]) => row!.x)).toEqual(Array.from({ length: 120 }, (_, i) => i))
  })

  test('a parameter of an earlier question is not there for a later one', async () => {
    await lake.query('select {secret:String} as x', { secret: 'mine' })
    await expect(lake.query('select {secret:String} as x')).rejects.toMatchObject({ code: '456' })
  })

  test.each([
    ['select nothing', '47', 'UNKNOWN_IDENTIFIER'],
    ['select * from know.absent', '60', 'UNKNOWN_TABLE'],
    ['selec 1', '62', 'SYNTAX_ERROR'],
    ['select throwIf(number = 5) from numbers(10)', '395', 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO'],
  ])('%s is an error with its code', async (sql, code, type) => {
    await expect(lake.query(sql)).rejects.toMatchObject({ code, type })
  })

  test('a result is streamed while it is computed', async () => {
    let bytes = 0
    let pieces = 0
    for await (const piece of await lake.stream(
      'select number from numbers(2000000)',
      {},
      { format: 'TabSeparated' },
    )) {
      bytes += (piece as Buffer).length
      pieces++
    }
    expect(bytes).toBe(14_888_890)
    expect(pieces).toBeGreaterThan(5)
  })

  test('an error in the middle of a stream is an error, not an end', async () => {
    const read = async (): Promise<void> => {
      const rows = await lake.stream(
        'select throwIf(number = 1999999) from numbers(2000000) settings max_block_size = 1000',
        {},
        { format: 'TabSeparated' },
      )
      for await (const _ of rows);
    }
    await expect(read()).rejects.toThrow()
  })
})

describe('rows', () => {
  beforeAll(() => lake.command('truncate table know.sample'))

  test('objects, and columns that are left out take their default', async () => {
    expect(
      await lake.insert('know.sample', [
        { a: 1, b: 'one' },
        { a: 2, b: 'zwei, é 🏦' },
      ]),
    ).toBe(2)
    expect(await rowsOf(lake)).toEqual([
      { a: 1, b: 'one', c: 7 },
      { a: 2, b: 'zwei, é 🏦', c: 7 },
    ])
  })

  test.each([
    ['CSVWithNames', 'a,b\n10,"x\n\ny"\n11,z\n', 2],
    ['CSV', '12,"a ""quoted"" one",1\n', 1],
    ['TabSeparated', '13\ta\\tb\t1\n', 1],
    ['JSONEachRow', '{"a":14,"b":"x"}\n\n{"a":15,"b":"y"}\n', 2],
  ])('a stream of %s', async (format, text, count) => {
    expect(await lake.insert('know.sample', Readable.from([text.slice(0, 5), text.slice(5)]), { format })).toBe(count)
  })

  test('what looks like a statement after an empty line is a row, and never run', async () => {
    await lake.command('truncate table know.sample')
    await lake.insert('know.sample', Readable.from(['1\n\ndrop table know.sample;\n']), {
      format: 'LineAsString',
      columns: ['b'],
    })
    expect((await rowsOf(lake)).map(({ b }) => b)).toEqual(['', '1', 'drop table know.sample;'])
    await expect(
      lake.insert('know.sample', Readable.from(['{"a":1}\n\ndrop table know.sample\n'])),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^(27|117)$/) })
    expect(await lake.query('exists know.sample')).toEqual([{ result: 1 }])
  })

  test('a stream longer than one piece arrives whole, in bytes and in lines', async () => {
    await lake.command('truncate table know.sample')
    const line = 'x'.repeat(400)
    async function* lines(): AsyncIterable<string> {
      for (let i = 0; i < 200_000; i++) yield `{"a":${i},"b":"${line}"}\n`
    }
    expect(await lake.insert('know.sample', Readable.from(lines()))).toBe(200_000)
    expect(await lake.query('select count() as n, uniqExact(a) as u, sum(length(b)) as l from know.sample')).toEqual([
      { n: 200_000, u: 200_000, l: 80_000_000 },
    ])
    const native = await lake.stream('select a, b, c from know.sample', {}, { format: 'Native' })
    await lake.command('create table know.copied as know.sample')
    expect(await lake.insert('know.copied', native, { format: 'Native' })).toBe(200_000)
    await lake.command('drop table know.copied')
  })

  test('a statement may read the rows itself, by input()', async () => {
    await lake.command('truncate table know.sample')
    const written = await lake.insertFrom(
      "insert into know.sample (a, b) select toUInt32OrZero(splitByChar(';', raw)[1]), {mark:String} from input('raw String')",
      Readable.from(['7;seven\n', '\n8;eight\n']),
      { format: 'LineAsString', params: { mark: "m'" } },
    )
    expect(written).toBe(3)
    expect((await rowsOf(lake)).map(({ a, b }) => [a, b])).toEqual([
      [0, "m'"],
      [7, "m'"],
      [8, "m'"],
    ])
  })

  test('a source that breaks off fails the insert', async () => {
    async function* broken(): AsyncIterable<string> {
      for (let i = 0; i < 1000; i++) yield `{"a":${i},"b":"x"}\n`
      throw new Error('the feed broke off')
    }
    await expect(lake.insert('know.sample', Readable.from(broken()))).rejects.toThrow()
    await expect(
      lake.insertFrom("insert into know.sample (b) select raw from input('raw String')", Readable.from(broken()), {
        format: 'LineAsString',
      }),
    ).rejects.toThrow()
  })
})

describe('limits', () => {
  test('a question over its time is ended', async () => {
    const began = performance.now()
    await expect(lake.query(ENDLESS, {}, { timeoutMs: 300 })).rejects.toMatchObject({ code: '159' })
    expect(performance.now() - began).toBeLessThan(30_000)
  })

  test('one over its memory is refused, and the process lives', async () => {
    const pid = lake.pid()
    await expect(
      lake.query('select groupArray(number) from numbers(100000000)', {}, { memoryBytes: 50_000_000 }),
    ).rejects.toMatchObject({ code: '241' })
    expect(await lake.query('select 1 as one')).toEqual([{ one: 1 }])
    expect(lake.pid()).toBe(pid)
  })

  test('a cancelled one stops inside the engine', async () => {
    const asked = lake.query(ENDLESS, {}, { queryId: 'to-be-cancelled' }).catch((error) => error)
    await eventually(async () => (await runningOf(lake)).length === 1)
    expect(await lake.cancel('to-be-cancelled')).toBe(true)
    expect(await asked).toMatchObject({ code: '394' })
    expect(await runningOf(lake)).toEqual([])
    expect(await lake.cancel('to-be-cancelled')).toBe(false)
  })

  test('one whose caller leaves stops too', async () => {
    const leave = new AbortController()
    const asked = lake.query(ENDLESS, {}, { signal: leave.signal }).catch((error) => error)
    await eventually(async () => (await runningOf(lake)).length === 1)
    leave.abort()
    expect(await asked).toBeInstanceOf(Error)
    await eventually(async () => (await runningOf(lake)).length === 0, 5_000)
  })

  test('more than may run at once wait for their turn', async () => {
    const found = await Promise.all(
      Array.from({ length: 30 }, (_, i) => lake.query<{ i: number }>(`select sleep(0.02) as slept, ${i} as i`)),
    )
    expect(found.map(([row]) => row!.i)).toEqual(Array.from({ length: 30 }, (_, i) => i))
  })

  test('who does not know the key is not answered', async () => {
    const answer = await fetch(`${lake.url}/?query=select+1`)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('x-clickhouse-exception-code')).toBe('516')
    expect(await (await fetch(`${lake.url}/ping`)).text()).toBe('Ok.\n')
  })
})

describe('the child', () => {
  test('killed, is back in about a second with all that was written; a question in between waits', async () => {
    await lake.command('truncate table know.sample')
    await lake.insert('know.sample', [{ a: 1, b: 'kept' }])
    const killed = lake.pid()!
    process.kill(killed, 'SIGKILL')
    const began = performance.now()
    expect(await rowsOf(lake)).toEqual([{ a: 1, b: 'kept', c: 7 }])
    expect(performance.now() - began).toBeLessThan(30_000)
    expect(lake.pid()).not.toBe(killed)
  })

  test('serves a second process, and outlives the first', async () => {
    const second = await openLake({ dataDir: scratch.path, log })
    expect(second.pid()).toBe(lake.pid())
    const pid = lake.pid()
    await lake.close()
    expect(await rowsOf(second)).toHaveLength(1)
    lake = await openLake({ dataDir: scratch.path, log })
    await second.close()
    expect(lake.pid()).toBe(pid)
    expect(await rowsOf(lake)).toHaveLength(1)
  })
})
