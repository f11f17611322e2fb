import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runInvariants } from '#platform/postgres'
import { ACCOUNTS_FILE, ALL, HEAD, PEOPLE, PEOPLE_FILE } from '#test/bank-files'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { systemActor } from '#trust/access'
import { read } from '#trust/audit'
import { registerKinds } from '#trust/playbook'
import {
  feedHealth,
  giveAgain,
  giveFile,
  invariants,
  kinds,
  lateFeeds,
  listFeeds,
  quarantinedLine,
  quarantineOf,
  sourceOf,
  viewQuarantine,
} from './index.ts'
import { waitingFor } from './waiting.ts'

const actor = systemActor('test')
let bank: TestBank
let folder: string

async function bankWith(...documents: object[]): Promise<void> {
  bank = await testBank()
  registerKinds(...kinds)
  await runPlaybook(bank.rt, documents)
  folder = await mkdtemp(join(tmpdir(), 'clientele-feeds-'))
}
async function goodbye(): Promise<void> {
  await bank?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
}
/** Gives a file with this content and tells what became of it. */
async function give(
  source: string,
  name: string,
  content: string | Buffer,
  more: { asOf?: string; businessOn?: string } = {},
) {
  const path = join(folder, name)
  await writeFile(path, content)
  return giveFile(bank.rt, { source: await sourceOf(bank.rt, source), path, actor, ...more })
}
async function giveEntries(name: string, lines: string[], sum: string, more: { asOf?: string } = {}) {
  await writeFile(
    join(folder, `${name}.control.json`),
    JSON.stringify({ rows: lines.length, sum, businessDate: '2026-03-02' }),
  )
  return give('entries', `${name}.csv`, HEAD + lines.map((line) => `${line}\n`).join(''), more)
}
const holds = async () => {
  const breaches = await runInvariants(bank.rt, invariants)
  expect(breaches.filter((breach) => breach.rows.length > 0)).toEqual([])
}

describe('files of a bank come in', () => {
  beforeAll(() => bankWith(...ALL))
  afterAll(goodbye)

  test('people with quoted names, accents and a birthday on 29 February', async () => {
    const { feed } = await give('people', 'people1.csv', PEOPLE_FILE)
    expect(feed).toMatchObject({ state: 'applied', rowsRead: 3, rowsApplied: 3, rowsQuarantined: 0 })
    const names = await bank.rt
      .db`select full_name, birth_on, household_id is not null as home from know.customer order by customer_id`
    expect([...names]).toEqual([
      { full_name: 'Marta Silva', birth_on: '1985-02-28', home: true },
      { full_name: 'Tom "T" O\'Neill; jr', birth_on: '1990-12-01', home: true },
      { full_name: 'Łucja Dvořák', birth_on: '2008-02-29', home: false },
    ])
  })

  test('accounts with decimal commas; a joint account is shared alike and counted once', async () => {
    await give('accounts', 'accounts1.csv', ACCOUNTS_FILE)
    await give('owners', 'owners1.csv', 'account;person;since\nA1;1;2024-02-01\nA1;2;2024-03-01\n')
    const rows = await bank.rt.db`
      select h.number, h.balance_minor, r.customer_id, r.share_bp, r.authority from know.holding h join know.holding_role r using (holding_id)
       order by h.number, r.from_on`
    expect([...rows]).toMatchObject([
      { number: 'A1', balance_minor: 123_450, share_bp: 5000, authority: 'either' },
      { number: 'A1', balance_minor: 123_450, share_bp: 5000, authority: 'either' },
      { number: 'A2', balance_minor: -5, share_bp: 10_000, authority: 'sole' },
    ])
  })

  test('the same file given again has no effect, whatever its name', async () => {
    const { givenBefore } = await give('people', 'people-copy.csv', PEOPLE_FILE)
    expect(givenBefore).toBe(true)
  })

  test('a later file changes what differs, and what does not is a duplicate', async () => {
    const { feed } = await give('people', 'people2.csv', PEOPLE_FILE.replace('Marta Silva', 'Marta Costa'), {
      businessOn: '2026-03-03',
    })
    expect(feed).toMatchObject({ rowsRead: 3, rowsApplied: 1, rowsDuplicate: 2 })
  })

  test('an older file does not turn back what a newer one said', async () => {
    const { feed, reasons } = await give('people', 'people0.csv', PEOPLE_FILE.replace('Marta Silva', 'Marta Old'), {
      businessOn: '2026-03-01',
    })
    expect(feed).toMatchObject({ rowsApplied: 0, rowsDuplicate: 2, rowsQuarantined: 1 })
    expect(reasons).toEqual([{ reason: 'older_than_known', rows: 1 }])
    const [marta] = await bank.rt
      .db`select full_name from know.customer where customer_id = (select min(customer_id) from know.customer)`
    expect(marta!.full_name).toBe('Marta Costa')
  })

  test('entries in the customer’s view; a reversal is tied to its original, a booking to its authorisation', async () => {
    const { feed } = await giveEntries(
      'entries1',
      [
        'e1;A1;20260226;2150.00;IN;S;;;;;',
        'e2;A1;20260227;19.90;OUT;C;P;;;;',
        'e3;A1;20260228;19.90;OUT;C;;;e2;;groceries',
        'e4;A1;20260228;50.00;OUT;C;;;;;union',
        'e5;A1;20260301;50.00;IN;C;;e4;;;',
        'e6;A1;20260301;10.00;OUT;T;;;;A2;',
      ],
      '2100.20',
    )
    expect(feed).toMatchObject({ state: 'applied', rowsApplied: 6, foundSumMinor: 210_020, controlSumMinor: 210_020 })
    const rows = await bank.rt.lake.query(`
      select transaction_id as id, amount_minor as amount, status, reverses, category, own_transfer as own, customer_initiated as act
        from know.account_transaction final order by id`)
    expect(rows).toEqual([
      { id: 'e1', amount: 215_000, status: 'booked', reverses: '', category: '', own: 0, act: 0 },
      { id: 'e2', amount: -1990, status: 'settled', reverses: '', category: '', own: 0, act: 1 },
      { id: 'e3', amount: -1990, status: 'booked', reverses: '', category: 'groceries', own: 0, act: 1 },
      { id: 'e4', amount: -5000, status: 'reversed', reverses: '', category: '', own: 0, act: 1 },
      { id: 'e5', amount: 5000, status: 'booked', reverses: 'e4', category: '', own: 0, act: 0 },
      // Tom owns A2 and half of A1: a payment between them leaves nobody richer.
      { id: 'e6', amount: -1000, status: 'booked', reverses: '', category: '', own: 1, act: 1 },
    ])
  })

  test('an entry given again is a duplicate; the same id with another amount is a conflict', async () => {
    const { feed } = await giveEntries(
      'entries2',
      [
        'e1;A1;20260226;2150.00;IN;S;;;;;',
        'e3;A1;20260228;99.00;OUT;C;;;e2;;groceries',
        'e7;A2;20260302;1.00;OUT;C;;;;;',
        'e7;A2;20260302;1.00;OUT;C;;;;;',
        'e7;A2;20260302;2.00;OUT;C;;;;;',
      ],
      '2047.00',
    )
    expect(feed).toMatchObject({ rowsRead: 5, rowsApplied: 1, rowsDuplicate: 2, rowsQuarantined: 2 })
    const { rows } = await quarantineOf(bank.rt, feed.feedId)
    expect(rows.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'key_conflict'],
      [6, 'key_conflict'],
    ])
    expect(rows[1]!.found).toBe('another row with the key of line 4')
  })

  test('events of a JSON Lines file', async () => {
    const { feed } = await give(
      'visits',
      'visits.jsonl',
      '{"id":"v1","who":"1","at":"2026-03-01T10:00:00Z","page":"loans"}\n{"id":"v2","who":9,"at":"2026-03-01T10:00:00Z"}\n{"id":\n',
    )
    expect(feed).toMatchObject({ rowsRead: 3, rowsApplied: 1, rowsQuarantined: 2 })
    const { rows } = await quarantineOf(bank.rt, feed.feedId)
    expect(rows.map(({ reason }) => reason)).toEqual(['unknown_key', 'malformed_json'])
  })

  test('what is in quarantine is told row by row, and feeds a page at a time; who looked is on record', async () => {
    const { feed } = await give('visits', 'visits2.jsonl', '{"id":"w1","who":9,"at":"2026-03-01T10:00:00Z"}\n{"id":\n')
    const actor = systemActor('test')
    const { reasons, rows } = await viewQuarantine(bank.rt, { feedId: feed.feedId, reason: 'malformed_json', actor })
    expect([reasons.length, rows.map(({ line }) => line)]).toEqual([2, [2]])
    expect(await quarantinedLine(bank.rt, feed.feedId, 1, actor)).toMatchObject({
      reason: 'unknown_key',
      raw: '{"id":"w1","who":9,"at":"2026-03-01T10:00:00Z"}',
    })
    await expect(quarantinedLine(bank.rt, feed.feedId, 9, actor)).rejects.toMatchObject({
      code: 'row_not_in_quarantine',
    })
    const [entry] = await read(bank.rt, { action: 'know.sources:quarantine_viewed' })
    expect(entry).toMatchObject({ subject: String(feed.feedId) })
    const seen: number[] = []
    let before: number | null = null
    do {
      const page = await listFeeds(bank.rt, { limit: 2, ...(before === null ? {} : { before }) })
      seen.push(...page.feeds.map(({ feedId }) => feedId))
      before = page.next
    } while (before !== null)
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => b - a))
    const waiting = await listFeeds(bank.rt, { limit: 100, source: 'visits', quarantined: true })
    expect(waiting.feeds[0]!.feedId).toBe(feed.feedId)
    expect(waiting.feeds.every(({ source, rowsQuarantined }) => source === 'visits' && rowsQuarantined > 0)).toBe(true)
  })

  test('a standing takes the customer’s version, so nothing claimed later overtakes it', async () => {
    const before = await bank.rt
      .db`select coalesce(max(version), 0) as version from platform.stream where customer_id = (select min(customer_id) from know.customer)`
    await give('standings', 'standings.csv', 'id;who;what;since\ns1;1;deceased_notified;2026-03-01\n')
    const [after] = await bank.rt
      .db`select version from platform.stream where customer_id = (select min(customer_id) from know.customer)`
    expect(after!.version).toBeGreaterThan(before[0]!.version as number)
    expect([...(await bank.rt.db`select standing, effect from know.standing`)]).toEqual([
      { standing: 'deceased_notified', effect: 'stop_all' },
    ])
  })

  test('all counts add up', holds)
})

describe('bad files', () => {
  beforeAll(async () => {
    await bankWith(...ALL)
    await give('people', 'people1.csv', PEOPLE_FILE)
    await give('accounts', 'accounts1.csv', ACCOUNTS_FILE)
  })
  afterAll(goodbye)

  const refused = async (name: string, content: string | Buffer, code: string, words: RegExp) => {
    const { feed } = await give('people', name, content)
    expect(feed.state).toBe('refused')
    expect(feed.refusedBecause).toMatch(new RegExp(`^${code}:`))
    expect(feed.refusedBecause).toMatch(words)
    expect(feed.rowsApplied).toBe(0)
  }
  test('an empty file is refused', () => refused('people-e.csv', '', 'empty_file', /is empty/))
  test('another header is refused, and says what is missing', () =>
    refused('people-h.csv', 'id;nom;born;home\n4;X;1990-01-01;\n', 'wrong_header', /missing name; unknown nom/))
  test('another delimiter is refused', () =>
    refused('people-d.csv', PEOPLE_FILE.replaceAll(';', ','), 'wrong_delimiter', /not parted by ";"/))
  test('a packed file is refused without being unpacked', () =>
    refused('people-z.csv', gzipSync(Buffer.alloc(50_000_000)), 'packed_file', /gzip/))
  test('a UTF-16 file is refused', () =>
    refused('people-16.csv', Buffer.from(`\uFEFF${PEOPLE_FILE}`, 'utf16le'), 'packed_file', /UTF-16/))

  test('the order of the columns does not matter', async () => {
    const { feed } = await give('people', 'people-o.csv', 'home;born;name;id\nH9;1970-01-01;Ana;10\n')
    expect(feed).toMatchObject({ rowsApplied: 1 })
  })

  test('each bad row says where, what was found and what was expected, and spoils no other', async () => {
    const long = 'x'.repeat(500)
    const { feed } = await give(
      'people',
      'people-b.csv',
      Buffer.concat([
        Buffer.from(
          'id;name;born;home\n20;Good;1990-01-01;\n21;Short\n22;Bad date;1990-02-30;\n23;No date;01/02/1990;\n;No id;1990-01-01;\n24;Stray "quote;1990-01-01;\n25;',
        ),
        Buffer.from([0xc3, 0x28]),
        Buffer.from(`;1990-01-01;\n26;${long};1990-01-01;\n27;Good too;1990-01-01;\n`),
      ]),
    )
    expect(feed).toMatchObject({ state: 'applied', rowsRead: 9, rowsApplied: 2, rowsQuarantined: 7 })
    const { rows } = await quarantineOf(bank.rt, feed.feedId)
    expect(rows.map(({ line, reason, field, found, expected }) => [line, reason, field, found, expected])).toEqual([
      [3, 'ragged_row', null, '2 fields', '4 fields'],
      [4, 'impossible_date', 'birth_on', '1990-02-30', 'a date of the calendar, 1900 to 2299'],
      [5, 'malformed_date', 'birth_on', '01/02/1990', 'a date as YYYY-MM-DD'],
      [6, 'missing_key', 'id', '', 'the key of the row'],
      [7, 'broken_quotes', null, 'a quote inside or around part of a field', 'quotes around whole fields only'],
      [8, 'broken_encoding', null, 'bytes that are not UTF-8', 'text in the encoding the mapping names'],
      [9, 'too_long', 'full_name', '500', 'at most 400 characters'],
    ])
    expect(rows[0]!.raw).toBe('21;Short')
  })

  test('amounts that overflow, have too many decimals or are none; values and keys nobody knows', async () => {
    const { feed } = await giveEntries(
      'entries-b',
      [
        'b1;A1;20260301;99999999999999999.00;IN;S;;;;;',
        'b2;A1;20260301;1.005;IN;S;;;;;',
        'b3;A1;20260301;1,00;IN;S;;;;;',
        'b4;A1;20260301;1.00;SIDEWAYS;S;;;;;',
        'b5;A1;20260301;1.00;IN;Z;;;;;',
        'b6;A9;20260301;1.00;IN;S;;;;;',
        'b7;A1;20260301;1.00;IN;S;;;;;',
      ],
      '4.00',
    )
    const { rows } = await quarantineOf(bank.rt, feed.feedId)
    expect(feed).toMatchObject({ rowsApplied: 1, rowsQuarantined: 6 })
    expect(rows.map(({ reason, field, found }) => [reason, field, found])).toEqual([
      ['amount_overflow', 'amount_minor', '99999999999999999.00'],
      ['too_many_decimals', 'amount_minor', '1.005'],
      ['malformed_amount', 'amount_minor', '1,00'],
      ['unknown_value', 'amount_minor', 'SIDEWAYS'],
      ['unknown_value', 'kind', 'Z'],
      ['unknown_key', 'holding_id', 'A9'],
    ])
  })

  test('a file that does not agree with its control totals has no effect, and what depends on it waits', async () => {
    const { feed } = await giveEntries('entries-u', ['u1;A1;20260301;5.00;IN;S;;;;;'], '6.00')
    expect(feed).toMatchObject({ state: 'unbalanced', rowsApplied: 0 })
    expect(feed.refusedBecause).toMatch(/is 500 minor units; its control total says 600/)
    expect(await bank.rt.lake.query(`select 1 from know.account_transaction where transaction_id = 'u1'`)).toEqual([])
    expect(await lateFeeds(bank.rt)).toContain('entries')
  })

  test('a feed that has not come by its time is late, until it comes', async () => {
    await giveEntries('entries-t', ['t1;A1;20260302;5.00;IN;S;;;;;'], '5.00')
    const health = async () => (await feedHealth(bank.rt)).find(({ source }) => source === 'entries')
    expect(await health()).toMatchObject({ state: 'ok', asOf: '2026-03-02' })
    // Monday's bookings are due on Tuesday, Tuesday's on Wednesday.
    bank.clock.set('2026-03-04T06:00:00Z')
    expect(await health()).toMatchObject({ state: 'ok' })
    bank.clock.set('2026-03-04T07:30:00Z')
    expect(await health()).toMatchObject({ state: 'late', asOf: '2026-03-02' })
    const waiting = await waitingFor(bank.rt, await feedHealth(bank.rt))
    expect(waiting.map(({ source }) => source)).toContain('entries')
  })

  test('a missing file is said before anything happens', async () => {
    await expect(
      giveFile(bank.rt, { source: await sourceOf(bank.rt, 'people'), path: join(folder, 'nowhere.csv'), actor }),
    ).rejects.toThrow(/nowhere/)
  })

  test('rows in quarantine are applied when the mapping was mended and they are given again', async () => {
    const { feed } = await give(
      'people',
      'people-m.csv',
      'id;name;born;home\n40;Slash;01/02/1990;\n41;Fine;1990-01-01;\n',
    )
    expect(feed).toMatchObject({ rowsApplied: 1, rowsQuarantined: 1 })
    await runPlaybook(bank.rt, [
      { ...PEOPLE, fields: { ...PEOPLE.fields, birth_on: { date: 'born', format: 'DD/MM/YYYY' } } },
      ...ALL.slice(1),
    ])
    const again = await giveAgain(bank.rt, { feedId: feed.feedId, actor })
    expect(again.feed).toMatchObject({ rowsRead: 2, rowsApplied: 2, rowsQuarantined: 0 })
    const [row] = await bank.rt.db`select birth_on from know.customer where full_name = 'Slash'`
    expect(row!.birth_on).toBe('1990-02-01')
  })

  test('all counts add up', holds)
})
