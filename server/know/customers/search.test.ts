import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foldedSql } from '#know/attributes'
import { type TestBank, testBank } from '#test/harness'
import { person } from '#test/playbook'
import { birthDatesIn } from './birth-dates.ts'
import { fold, searchCustomers } from './index.ts'

describe('a birth date is read in the ways people say it', () => {
  for (const text of [
    '22.11.1984',
    '22. 11. 1984',
    '1984-11-22',
    '22/11/1984',
    '11/22/1984',
    '22 November 1984',
    'Nov 22nd, 1984',
    '22. Nov. 1984',
    '22-11-84',
  ])
    test(text, () => expect(birthDatesIn(text)?.dates).toContain('1984-11-22'))
  test('with a name around it, the name is what is left', () =>
    expect(birthDatesIn('Lindner, born on 22.11.1984')).toEqual({ dates: ['1984-11-22'], rest: 'Lindner' }))
  test('what is no day of any month is no birth date', () => {
    for (const text of ['31.2.1984', '13/13/1984', '900000001', '4 candles 1984', '+49 150 00 00 01'])
      expect(birthDatesIn(text), text).toBeUndefined()
  })
})

describe('whoever is on the line is found', () => {
  let bank: TestBank
  beforeAll(async () => {
    bank = await testBank()
    const { db } = bank.rt
    await db`insert into know.customer (customer_id, given_name, family_name, full_name, birth_on, email, phone) values
      (1, 'Anna Maria', 'von der Heide-Müller', 'Anna Maria von der Heide-Müller', '1984-11-22', 'am.heide@example.org', '+49 150 1234567'),
      (2, 'Anna', 'Brandt', 'Anna Brandt', '1991-02-03', 'anna@example.org', '030 7654321'),
      (3, 'Per', 'Brandt', 'Per Brandt', '1984-11-22', null, '0049-171-555 000 9'),
      (4321, null, null, 'J.Weber & Söhne', null, null, null)`
    await db`insert into know.holding (customer_id, holding_id, product, number, opened_on, currency) values
      (1, 11, 'everyday', 'DE89 3704 0044 0532 0130 00', '2020-01-01', 'EUR'), (1, 12, 'card', '5500-0000-0000-4321', '2020-01-01', 'EUR'),
      (2, 21, 'everyday', '9000123', '2020-01-01', 'EUR')`
    await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id) values
      (1, 11, 'owner', 'sole', 10000, '2020-01-01', 1), (1, 12, 'owner', 'sole', 10000, '2020-01-01', 1),
      (2, 21, 'owner', 'sole', 10000, '2020-01-01', 2)`
  })
  afterAll(() => bank?.close())
  const found = async (text: string): Promise<number[]> =>
    (await searchCustomers(bank.rt, { text, actor: person('arthur'), limit: 10 })).customers.map(
      (one) => one.customerId,
    )

  test('by any words of the name, in any order, without accents', async () => {
    for (const text of ['maria', 'muller anna', 'Heide, Maria', 'anna heide', 'HEIDE-MÜLLER'])
      expect(await found(text), text).toEqual([1])
    expect(await found('brandt')).toEqual([2, 3])
    expect(await found('weber')).toEqual([4321])
    expect(await found("o'%_\\ (anna) & | ! :*")).toEqual([])
  })
  test('by name and birth date together, where either alone means several', async () => {
    expect(await found('22.11.1984')).toEqual([3, 1])
    expect(await found('Brandt 22.11.84')).toEqual([3])
    expect(await found('Brandt 23.11.1984')).toEqual([])
  })
  test('by telephone in any notation, with and without the country', async () => {
    for (const text of [
      '+49 150 1234567',
      '0049150 1234567',
      '0150/123 45 67',
      '(0150) 1234567',
      '+49 (0)150 1234567',
      '1234567',
    ])
      expect(await found(text), text).toEqual([1])
    for (const text of ['030 7654321', '+49 30 7654321']) expect(await found(text), text).toEqual([2])
    expect(await found('0171 5550009')).toEqual([3])
  })
  test('by account number or IBAN with or without spaces, and by the last digits of a card', async () => {
    for (const text of ['DE89 3704 0044 0532 0130 00', 'de89370400440532013000', '0532013000', '5500 0000 0000 4321'])
      expect(await found(text), text).toEqual([1])
    // Their own number stands before the card that happens to end so.
    expect(await found('4321')).toEqual([4321, 1])
    expect(await found('DE12 5001 0517 0009 0001 23')).toEqual([2])
    expect(await found('AM.HEIDE@')).toEqual([1])
  })

  test('every letter of a European name is folded alike here, in the database and in the lake', async () => {
    const letters = [...Array(0x24f - 0xc0), ...Array(0x1eff - 0x1e00)].map((_, at) =>
      String.fromCodePoint(at < 0x24f - 0xc0 ? 0xc0 + at : 0x1e00 + at - (0x24f - 0xc0)),
    )
    const names = [...letters.map((letter) => `Gu${letter}rún O’Néill`), 'ﬁne', "D'Ángelo", 'İnce', 'ΣΊΣΥΦΟΣ', 'Лев']
    const rows = await bank.rt.db<{ name: string; folded: string }[]>`
      select name, know.fold(name) as folded from unnest(${names}::text[]) name`
    expect(rows.filter(({ name, folded }) => folded !== fold(name))).toEqual([])
    const lake = await bank.rt.lake.query<{ name: string; folded: string }>(
      `select name, ${foldedSql('name')} as folded from (select arrayJoin(splitByChar('|', unhex({hex:String}))) as name)`,
      { hex: Buffer.from(names.slice(0, 100).join('|')).toString('hex') },
    )
    expect(lake.filter(({ name, folded }) => folded !== fold(name))).toEqual([])
  })
})
