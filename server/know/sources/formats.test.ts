import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { systemActor } from '#trust/access'
import { consentsFor } from '#trust/consents'
import { registerKinds, validate, writtenOf } from '#trust/playbook'
import { giveFile, kinds, sourceOf } from './index.ts'

const actor = systemActor('test')
const PARQUET = {
  kind: 'source',
  id: 'people',
  title: 'People',
  file: '*.parquet',
  format: { type: 'parquet' },
  columns: ['id', 'name', 'born', 'since', 'worth'],
  target: 'customer',
  key: ['id'],
  fields: {
    full_name: 'name',
    birth_on: { date: 'born', format: 'YYYY-MM-DD' },
    since_on: { date: 'since', format: 'YYYY-MM-DD' },
  },
}
const LATIN = {
  kind: 'source',
  id: 'czechs',
  title: 'Czechs',
  file: '*.txt',
  format: { type: 'delimited', delimiter: '|', quote: 'none', header: false, encoding: 'windows-1250' },
  columns: ['id', 'name'],
  target: 'customer',
  key: ['id'],
  fields: { full_name: 'name' },
}
const CONSENTS = {
  kind: 'source',
  id: 'consents',
  title: 'Consents',
  file: '*.csv',
  format: { type: 'delimited' },
  columns: ['who', 'how', 'said', 'at'],
  target: 'consent',
  key: ['who', 'how'],
  fields: {
    customer_id: { lookup: 'customer', namespace: 'people', of: 'who' },
    purpose: { value: 'marketing' },
    channel: 'how',
    state: { map: 'said', to: { Y: 'given', N: 'withdrawn' } },
    at: { instant: 'at', format: 'DD.MM.YYYY hh:mm:ss' },
    evidence: { value: 'branch form' },
  },
}

describe('other formats and targets', () => {
  let bank: TestBank
  let folder: string
  beforeAll(async () => {
    bank = await testBank()
    registerKinds(...kinds)
    await runPlaybook(bank.rt, [PARQUET, LATIN, CONSENTS])
    folder = await mkdtemp(join(tmpdir(), 'clientele-formats-'))
  })
  afterAll(async () => {
    await bank?.close()
    await rm(folder, { recursive: true, force: true })
  })
  const give = async (source: string, name: string) =>
    (await giveFile(bank.rt, { source: await sourceOf(bank.rt, source), path: join(folder, name), actor })).feed
  const parquet = async (name: string, select: string) =>
    pipeline(await bank.rt.lake.stream(select, {}, { format: 'Parquet' }), createWriteStream(join(folder, name)))

  test('a Parquet file, its typed columns read as what they say', async () => {
    await parquet(
      'people.parquet',
      `select toInt64(number) as id, concat('Nám "', toString(number), '"') as name, toDate('1990-01-01') + number as born, if(number = 2, null, toDate32('2020-02-29')) as since, toDecimal64(1.50, 2) as worth from numbers(1, 3)`,
    )
    expect(await give('people', 'people.parquet')).toMatchObject({ state: 'applied', rowsRead: 3, rowsApplied: 3 })
    const rows = await bank.rt
      .db`select k.external_id, c.full_name, c.birth_on, c.since_on from know.customer c join know.customer_key k using (customer_id) order by 1`
    expect([...rows].slice(0, 2)).toEqual([
      { external_id: '1', full_name: 'Nám "1"', birth_on: '1990-01-02', since_on: '2020-02-29' },
      { external_id: '2', full_name: 'Nám "2"', birth_on: '1990-01-03', since_on: null },
    ])
  })
  test('a Parquet file without a column, and a text that calls itself Parquet, are refused', async () => {
    await parquet('short.parquet', 'select 1 as id')
    expect((await give('people', 'short.parquet')).refusedBecause).toMatch(/^malformed_parquet:/)
    await writeFile(join(folder, 'text.parquet'), 'id,name\n')
    expect((await give('people', 'text.parquet')).refusedBecause).toMatch(/^not_parquet:/)
  })
  test('a file of windows-1250 without header or quotes', async () => {
    await writeFile(join(folder, 'czechs.txt'), Buffer.from([0x31, 0x7c, 0xd8, 0x65, 0x68, 0x6f, 0xf8, 0x0d, 0x0a]))
    expect(await give('czechs', 'czechs.txt')).toMatchObject({ rowsApplied: 1 })
    const [row] = await bank.rt
      .db`select c.full_name from know.customer c join know.customer_key k using (customer_id) where k.source = 'czechs'`
    expect(row!.full_name).toBe('Řehoř')
  })
  test('consents, with their evidence; what already stands is a duplicate', async () => {
    await writeFile(
      join(folder, 'one.csv'),
      'who,how,said,at\n1,email,Y,02.03.2026 08:00:00\n1,sms,Y,02.03.2026 08:00:00\n1,fax,Y,02.03.2026 08:00:00\n',
    )
    expect(await give('consents', 'one.csv')).toMatchObject({ rowsApplied: 2, rowsQuarantined: 1 })
    await writeFile(
      join(folder, 'two.csv'),
      'who,how,said,at\n1,email,Y,02.03.2026 08:00:00\n1,sms,N,03.03.2026 08:00:00\n',
    )
    expect(await give('consents', 'two.csv')).toMatchObject({ rowsApplied: 1, rowsDuplicate: 1 })
    const [row] = await bank.rt.db<
      { id: number }[]
    >`select customer_id as id from know.customer_key where source = 'people' and external_id = '1'`
    const consents = (await consentsFor(bank.rt.db, [row!.id])).get(row!.id)!
    expect(consents.marketing).toMatchObject({ email: true, sms: false })
  })
})

describe('a mapping document', () => {
  const findings = (document: object) => {
    registerKinds(...kinds)
    return validate([writtenOf(document as never)], kinds)
      .filter((finding) => finding.severity === 'error')
      .map(({ path, found }) => [path, found])
  }
  test('that is right has no findings', () => expect(findings(PARQUET)).toEqual([]))
  test('names a column that is not there', () =>
    expect(findings({ ...PARQUET, fields: { full_name: 'nom' } })).toEqual([['fields.full_name', 'nom']]))
  test('names a field the target has not, or one that holds something else', () =>
    expect(findings({ ...PARQUET, fields: { shoe_size: 'id', birth_on: 'born' } })).toEqual([
      ['fields.shoe_size', 'shoe_size'],
      ['fields.birth_on', 'text'],
    ]))
  test('leaves out what the target needs, or looks up a numbering nobody gives', () =>
    expect(
      findings({ ...CONSENTS, fields: { ...CONSENTS.fields, evidence: undefined } }).map(([, found]) => found),
    ).toContain('people'))
  test('has a format that names no whole date', () =>
    expect(findings({ ...PARQUET, fields: { birth_on: { date: 'born', format: 'YYMMDD' } } })).toEqual([
      ['fields.birth_on', 'YYMMDD'],
    ]))
})
