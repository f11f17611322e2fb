import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runInvariants } from '#platform/postgres'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { systemActor } from '#trust/access'
import { registerKinds, validate, writtenOf } from '#trust/playbook'
import {
  giveFile,
  importFolder,
  invariants,
  kinds,
  quarantineOf,
  refreshHoldings,
  reportOf,
  sourceOf,
} from './index.ts'

const actor = systemActor('test')
const format = { type: 'delimited', delimiter: ';' }
const people = (more: object = {}) => ({
  kind: 'source',
  id: 'people',
  title: 'People',
  file: 'people*.csv',
  format,
  columns: ['číslo', 'Name (voll)', 'seit', 'district'],
  with: { district: { file: 'districts.csv', columns: ['code', 'town'], key: 'code', on: 'district' } },
  target: 'customer',
  key: ['číslo'],
  fields: {
    full_name: 'Name (voll)',
    since_on: { date: 'seit', format: 'D.M.YYYY' },
    city: 'district.town',
    branch_code: 'district',
  },
  ...more,
})
const ACCOUNTS = {
  kind: 'source',
  id: 'accounts',
  title: 'Accounts',
  file: 'accounts*.jsonl',
  format: { type: 'json_lines' },
  columns: ['id', 'owner', 'opened', 'balance', 'currency'],
  target: 'holding',
  key: ['id'],
  fields: {
    customer_id: { lookup: 'customer', namespace: 'people', of: 'owner' },
    product: { value: 'everyday' },
    number: 'id',
    opened_on: { date: 'opened', format: 'DD-MMM-YYYY' },
    currency: 'currency',
    balance_minor: { amount: 'balance', currency: { column: 'currency' } },
  },
}
const entries = (id: string, amount: object) => ({
  kind: 'source',
  id,
  title: 'Entries',
  file: `${id}*.csv`,
  format: { ...format, delimiter: '|' },
  columns: ['id', 'account', 'day', 'amount', 'way'],
  target: 'transaction',
  key: ['id'],
  fields: {
    holding_id: { lookup: 'holding', namespace: 'accounts', of: 'account' },
    transaction_id: 'id',
    booked_on: { date: 'day', format: 'M/D/YYYY' },
    amount_minor: { amount: 'amount', ...amount },
    currency: { value: 'KWD' },
    kind: { value: 'other' },
  },
})
const KYAKU = {
  kind: 'source',
  id: 'kyaku',
  title: 'Customers of a bank in Osaka',
  file: 'kyaku.txt',
  format: { type: 'delimited', delimiter: '|', header: false, encoding: 'shift_jis' },
  columns: ['番号', '氏名'],
  target: 'customer',
  key: ['番号'],
  fields: { full_name: '氏名' },
}
const DAYS = {
  kind: 'source',
  id: 'days',
  title: 'Since when',
  file: 'days*.jsonl',
  format: { type: 'json_lines' },
  columns: ['id', 'since'],
  target: 'customer',
  key: ['id'],
  fields: { since_on: { date: 'since', format: 'iso' } },
}
const DOCUMENTS = [
  DAYS,
  people(),
  KYAKU,
  entries('columns', { currency: 'JPY', thousands: ',', less: 'way' }),
  ACCOUNTS,
  entries('points', { currency: 'EUR', decimal: ',', thousands: '.' }),
  entries('commas', { currency: 'EUR', decimal: ',' }),
  entries('blanks', { currency: 'KWD', decimal: ',', thousands: ' ' }),
  entries('yen', { currency: 'JPY', thousands: ',' }),
  entries('behind', { currency: 'EUR', decimal: ',', thousands: '.', sign: 'behind' }),
  entries('ways', { currency: 'EUR', sign: { by: 'way', plus: ['C'], minus: ['D'] } }),
  entries('turned', { currency: 'EUR', sign: { by: 'way', plus: ['C'], minus: ['D'], negative: 'turns' } }),
]

describe('the files of quite different banks', () => {
  let bank: TestBank
  let folder: string
  beforeAll(async () => {
    bank = await testBank()
    registerKinds(...kinds)
    await runPlaybook(bank.rt, DOCUMENTS)
    folder = await mkdtemp(join(tmpdir(), 'clientele-banks-'))
  })
  afterAll(async () => {
    await bank?.close()
    await rm(folder, { recursive: true, force: true })
  })
  const write = (name: string, content: string | Buffer) => writeFile(join(folder, name), content)
  const give = async (source: string, name: string) =>
    (await giveFile(bank.rt, { source: await sourceOf(bank.rt, source), path: join(folder, name), actor })).feed
  const wrong = async (feedId: number) =>
    (await quarantineOf(bank.rt, feedId)).rows.map(({ reason, found }) => [reason, found])
  let nth = 0
  /** What each amount, written so in a file of the source, becomes in minor units; or why it does not. */
  async function read(source: string, ...written: string[]): Promise<unknown[]> {
    const name = `${source}-${++nth}.csv`
    const rows = written.map((amount, at) => `${name}${at}|A1|3/2/2026|${amount}`)
    await write(
      name,
      `id|account|day|amount|way\n${rows.map((r) => (r.split('|').length < 5 ? `${r}|C` : r)).join('\n')}\n`,
    )
    const feed = await give(source, name)
    const booked = await bank.rt.lake.query<{ id: string; amount: number }>(
      'select transaction_id as id, amount_minor as amount from know.account_transaction where feed_id = {feed:Int64}',
      { feed: feed.feedId },
    )
    const aside = (await quarantineOf(bank.rt, feed.feedId)).rows
    return written.map(
      (_, at) =>
        booked.find((row) => row.id === `${name}${at}`)?.amount ?? aside.find((row) => row.line === at + 2)?.reason,
    )
  }

  test('a bank of which no account has come yet is imported as it is', async () => {
    await refreshHoldings(bank.rt)
    expect(await bank.rt.lake.query('select * from know.holding_of')).toEqual([])
  })

  test('columns are named in any script, days and months have one digit or two, and a broken row of a joined file spoils nobody', async () => {
    await write(
      'districts.csv',
      Buffer.concat([
        Buffer.from('code;town;region\n1;Písek;South\n2;Bene'),
        Buffer.from([0xb9]),
        Buffer.from('ov;Centre\n3;"Br"no;South\n4;short\n5;Zlín;East\n'),
      ]),
    )
    await write(
      'people.csv',
      '\uFEFFčíslo;Name (voll);seit;district\n1;Řehoř Čáp;1.3.2020;1\n2;Ota;29.2.2024;2\n3;Eva;29.2.2023;5\n4;Iva;01.12.2021;3\n5;Jan;31.12.1999;4\n6;Max;1.13.2021;5\n',
    )
    const feed = await give('people', 'people.csv')
    expect(feed).toMatchObject({ rowsRead: 6, rowsApplied: 4, rowsQuarantined: 2 })
    expect(await wrong(feed.feedId)).toEqual([
      ['impossible_date', '29.2.2023'],
      ['impossible_date', '1.13.2021'],
    ])
    const rows = await bank.rt
      .db`select c.full_name, c.since_on, c.city from know.customer c join know.customer_key k using (customer_id) order by k.external_id`
    expect(rows.map((row) => [row.full_name, row.since_on, row.city])).toEqual([
      ['Řehoř Čáp', '2020-03-01', 'Písek'],
      ['Ota', '2024-02-29', null],
      ['Iva', '2021-12-01', null],
      ['Jan', '1999-12-31', null],
    ])
  })

  test('a number of JSON is read as it is written: no cent is lost however large the sum', async () => {
    const rows = [
      '{"id":"A1","owner":1,"opened":"02-Mar-2020","balance":90071992547409.91,"currency":"EUR"}',
      '{"balance":  0.1 , "note":{"balance":7}, "id":"A2","owner":"2","opened":"29-FEB-2024","currency":"EUR"}',
      '{"id":"A3","owner":1,"opened":"1-Mar-2020","balance":1.005,"currency":"KWD"}',
      '{"id":"A4","owner":1,"opened":"02-Mar-2020","balance":-1200,"currency":"JPY"}',
      '{"id":"A5","owner":1,"opened":"02-Mär-2020","balance":1,"currency":"EUR"}',
      '{"id":"A6","owner":1,"opened":"02-Mar-2020","balance":null,"currency":"EUR"}',
      '{"id":"A7","owner":1,"opened":"02-Mar-2020","balance":"","currency":"EUR"}',
    ]
    await write('accounts.jsonl', `${rows.join('\n')}\n`)
    const feed = await give('accounts', 'accounts.jsonl')
    expect(await wrong(feed.feedId)).toEqual([
      ['malformed_date', '1-Mar-2020'],
      ['malformed_date', '02-Mär-2020'],
    ])
    const held = await bank.rt.db<{ number: string; opened: string; balance: number | null }[]>`
      select h.number, h.opened_on as opened, h.balance_minor as balance from know.holding h order by 1`
    expect(held.map((row) => [row.number, row.opened, row.balance])).toEqual([
      ['A1', '2020-03-02', 9_007_199_254_740_991],
      ['A2', '2024-02-29', 10],
      ['A4', '2020-03-02', -1200],
      ['A6', '2020-03-02', null],
      ['A7', '2020-03-02', null],
    ])
  })

  test('an amount that is not there is missing, not nothing', async () => {
    expect(await read('commas', '', '0', '0,00', '-', ',')).toEqual([
      'missing_value',
      0,
      0,
      'malformed_amount',
      'malformed_amount',
    ])
  })
  test('where the comma parts the cents a point parts nothing, unless the mapping says that it parts thousands', async () => {
    expect(await read('commas', '1,5', '1.200', '1.20', '1.200,50')).toEqual([
      150,
      'malformed_amount',
      'malformed_amount',
      'malformed_amount',
    ])
    expect(
      await read('points', '1.200', '-1.234.567,8', '1200,5', '1.20', '12.00', '1.2000,00', '.200', '1,200.50'),
    ).toEqual([
      120_000,
      -123_456_780,
      120_050,
      'malformed_amount',
      'malformed_amount',
      'malformed_amount',
      'malformed_amount',
      'malformed_amount',
    ])
  })
  test('thousands are parted by blanks of any width, and a dinar has a thousand fils', async () => {
    expect(
      await read('blanks', '1 234,567', '1\u00a0234,5', '1\u202f234\u202f567', '12 34', '1,2345', '1,2300'),
    ).toEqual([1_234_567, 1_234_500, 1_234_567_000, 'malformed_amount', 'too_many_decimals', 1230])
  })
  test('a yen has no smaller part', async () => {
    expect(await read('yen', '1,234', '1234', '1,234.0', '1,234.5', '12,34')).toEqual([
      1234,
      1234,
      1234,
      'too_many_decimals',
      'malformed_amount',
    ])
  })
  test('blank lines at the end of a file are no rows; one between rows is set aside with its line', async () => {
    const head = 'id|account|day|amount|way\r\n'
    const counts = async (name: string, content: string) => {
      await write(name, content)
      const { feedId, rowsRead, rowsApplied } = await give('commas', name)
      return { read: rowsRead, applied: rowsApplied, aside: await wrong(feedId) }
    }
    const one = (id: string): string => `${id}|A1|3/2/2026|1,50|C\r\n`
    expect(await counts('commas-end.csv', `${head}${one('end1')}${one('end2')}\r\n\r\n\n\x1a`)).toEqual({
      read: 2,
      applied: 2,
      aside: [],
    })
    const { read: rows, aside } = await counts('commas-between.csv', `${head}${one('mid1')}\r\n${one('mid2')}`)
    expect(rows).toBe(3)
    expect(aside.map(([reason]) => reason)).toEqual(['ragged_row'])
  })
  test('a minus may stand behind', async () => {
    expect(await read('behind', '12,50-', '1.234,50+', '5,00', '-5,00', '5,00--')).toEqual([
      -1250,
      123_450,
      500,
      'malformed_amount',
      'malformed_amount',
    ])
  })
  test('a minus beside a column that says debit or credit is not guessed at', async () => {
    expect(await read('ways', '5.00|C', '5.00|D', '-5.00|C', '-5.00|D', '-0.00|D')).toEqual([
      500,
      -500,
      'signed_twice',
      'signed_twice',
      0,
    ])
    expect(await read('turned', '5.00|C', '5.00|D', '-5.00|C', '-5.00|D')).toEqual([500, -500, -500, 500])
  })

  test('money in and money out may stand in columns of their own', async () => {
    expect(await read('columns', '250,000|', '|1,000', '0|1,000', '|', '5|5', '-5|', '1.5|')).toEqual([
      250_000,
      -1000,
      -1000,
      'missing_value',
      'two_amounts',
      -5,
      'too_many_decimals',
    ])
  })

  test('a file of another encoding, and its bytes that mean nothing in it', async () => {
    const line = (...bytes: number[]) => Buffer.from([...bytes, 0x0a])
    // 山 is 8E 52; 81 20 is nothing; at the end a character is cut off.
    const rows = [line(0x31, 0x7c, 0x8e, 0x52), line(0x32, 0x7c, 0x81, 0x20), Buffer.from([0x33, 0x7c, 0x8e])]
    await write('kyaku.txt', Buffer.concat(rows))
    const feed = await give('kyaku', 'kyaku.txt')
    expect(feed).toMatchObject({ rowsRead: 3, rowsApplied: 1, rowsQuarantined: 2 })
    expect(await wrong(feed.feedId)).toEqual([
      ['broken_encoding', 'bytes that are not SHIFT_JIS'],
      ['broken_encoding', 'bytes that are not SHIFT_JIS'],
    ])
    const [row] = await bank.rt
      .db`select c.full_name from know.customer c join know.customer_key k using (customer_id) where k.source = 'kyaku'`
    expect(row!.full_name).toBe('山')
  })

  test('an instant where a date is meant is its day in the bank’s zone, and the report says where to look first', async () => {
    const given = ['2026-06-30', '2026-06-30T23:30:00Z', '2026-06-30 23:30:00.000', '2026-02-30T10:00:00Z', 'June']
    const rows = given.map((since, id) => JSON.stringify({ id, since }))
    await write('days.jsonl', `${rows.join('\n')}\n`)
    const { feed, reasons, firsts } = await giveFile(bank.rt, {
      source: await sourceOf(bank.rt, 'days'),
      path: join(folder, 'days.jsonl'),
      actor,
    })
    expect(feed).toMatchObject({ rowsApplied: 3, rowsQuarantined: 2 })
    const known = await bank.rt
      .db`select c.since_on from know.customer c join know.customer_key k using (customer_id) where k.source = 'days' order by k.external_id`
    expect(known.map((row) => row.since_on)).toEqual(['2026-06-30', '2026-07-01', '2026-06-30'])
    const one = { feed, reasons, firsts, givenBefore: false, triedAgain: false }
    expect(
      reportOf({ currency: 'EUR', folderDiffers: 0, outcomes: [one], held: [], chain: null, profiles: null }).remarks,
    ).toEqual([
      'days.jsonl: 2 quarantined as malformed_date, the first in line 4, since_on: found 2026-02-30T10:00:00Z, expected a date as 2026-03-02, or an instant as 2026-03-02T08:00:00Z.',
    ])
  })

  test('and the counts of every file add up', async () => {
    expect((await runInvariants(bank.rt, invariants)).filter(({ rows }) => rows.length > 0)).toEqual([])
  })
})

describe('a mapping of such a bank', () => {
  const findings = (document: object) => {
    registerKinds(...kinds)
    return validate([writtenOf(document as never)], kinds)
      .filter(({ severity }) => severity === 'error')
      .map(({ path, found }) => [path, found])
  }
  test('that is right has no findings', () => expect(findings(people())).toEqual([]))
  test('cannot part thousands and decimals by one sign', () =>
    expect(findings(entries('points', { decimal: ',', thousands: ',' }))).toContainEqual([
      'fields.amount_minor.thousands',
      ',',
    ]))
})

describe('a bank whose first file is refused', () => {
  test('is imported as far as it goes: every row that misses it waits, and nothing fails', async () => {
    const bank = await testBank()
    const folder = await mkdtemp(join(tmpdir(), 'clientele-refused-'))
    try {
      registerKinds(...kinds)
      await runPlaybook(bank.rt, [people({ with: undefined, fields: { full_name: 'Name (voll)' } }), ACCOUNTS])
      await writeFile(join(folder, 'people.csv'), 'číslo;Name (voll);seit;district;new\n1;Ann;1.3.2020;1;x\n')
      await writeFile(
        join(folder, 'accounts.jsonl'),
        '{"id":"A1","owner":"1","opened":"02-Mar-2020","balance":1.5,"currency":"EUR"}\n',
      )
      const { outcomes } = await importFolder(bank.rt, { dataFolder: folder, actor, withoutAttributes: true })
      expect(outcomes.map(({ feed }) => [feed.source, feed.state, feed.rowsRead, feed.rowsQuarantined])).toEqual([
        ['people', 'refused', 0, 0],
        ['accounts', 'applied', 1, 1],
      ])
    } finally {
      await bank.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
})
