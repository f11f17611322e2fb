/** Yesterday's file lying in the folder is not today's, and what waited is tried again. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runInvariants } from '#platform/postgres'
import { ACCOUNTS, ACCOUNTS_FILE, ENTRIES, HEAD, PEOPLE, PEOPLE_FILE } from '#test/bank-files'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { systemActor } from '#trust/access'
import { pull, registerKinds } from '#trust/playbook'
import { feedHealth, importFolder, invariants, kinds, quarantineOf, reportOf } from './index.ts'

const actor = systemActor('test')
const { control: _control, ...UNCONTROLLED } = ENTRIES
let bank: TestBank
let folder: string
beforeAll(async () => {
  bank = await testBank({ startsAt: '2026-03-04T06:00:00Z' })
  registerKinds(...kinds)
  await runPlaybook(bank.rt, [PEOPLE, { ...ACCOUNTS, due: { at: '05:00' } }, UNCONTROLLED])
  folder = await mkdtemp(join(tmpdir(), 'clientele-days-'))
})
afterAll(async () => {
  await bank.close()
  await rm(folder, { recursive: true, force: true })
})

const write = (name: string, content: string) => writeFile(join(folder, name), content)
const night = async (asOf: string) =>
  new Map(
    (await importFolder(bank.rt, { dataFolder: folder, asOf, actor, withoutAttributes: true })).outcomes.map((one) => [
      one.feed.fileName,
      one,
    ]),
  )
const balance = async (number: string) =>
  (
    await bank.rt.db<{ minor: number; on: string }[]>`
      select h.balance_minor as minor, h.balance_on as "on" from know.holding h where h.number = ${number}`
  )[0]!

test('a file that lay in the folder the day before is not read again, and keeps its own date', async () => {
  await write('people-1.csv', PEOPLE_FILE)
  await write('accounts-1.csv', ACCOUNTS_FILE)
  await write(
    'entries-1.csv',
    `${HEAD}e1;A1;20260301;5.00;IN;S;;;;;\ne2;A9;20260301;7.00;IN;S;;;;;\ne3;A1;20260303;9.00;IN;S;;;;;\n`,
  )
  const first = await night('2026-03-02')
  expect(first.get('entries-1.csv')!.feed).toMatchObject({ rowsRead: 3, rowsApplied: 1, rowsQuarantined: 2 })

  await write('accounts-2.csv', 'id;owner;opened;balance\nA1;1;01.02.2024;99,00\nA9;1;01.03.2026;0,00\n')
  const second = await night('2026-03-03')
  expect(second.get('accounts-1.csv')).toMatchObject({ givenBefore: true, triedAgain: false, feed: { rowsApplied: 2 } })
  expect(await balance('A1')).toEqual({ minor: 9900, on: '2026-03-03' })
  // A2 stands in the first file only: its balance is the one of that day.
  expect(await balance('A2')).toEqual({ minor: -5, on: '2026-03-02' })
})

test('what waited for an account, or for its day, is applied then, and is no longer in quarantine', async () => {
  const { feed } = (await night('2026-03-03')).get('entries-1.csv')!
  expect(feed).toMatchObject({ rowsRead: 3, rowsApplied: 3, rowsDuplicate: 0, rowsQuarantined: 0 })
  expect((await quarantineOf(bank.rt, feed.feedId)).rows).toEqual([])
  const booked = await bank.rt.lake.query('select transaction_id as id from know.account_transaction order by id')
  expect(booked).toEqual([{ id: 'e1' }, { id: 'e2' }, { id: 'e3' }])
})

test('a source whose file of today did not come is late, though those of before are still there', async () => {
  bank.clock.set('2026-03-06T06:00:00Z')
  await night('2026-03-05')
  const health = (await feedHealth(bank.rt)).find(({ source }) => source === 'accounts')
  expect(health).toMatchObject({ state: 'late', asOf: '2026-03-03' })
})

test('a file of the same content under another name is another day’s: all of it is known, and its day has come', async () => {
  await write('accounts-3.csv', 'id;owner;opened;balance\nA1;1;01.02.2024;99,00\nA9;1;01.03.2026;0,00\n')
  const { feed } = (await night('2026-03-05')).get('accounts-3.csv')!
  expect(feed).toMatchObject({ rowsRead: 2, businessOn: '2026-03-05' })
  expect((await feedHealth(bank.rt)).find(({ source }) => source === 'accounts')).toMatchObject({ state: 'ok' })
})

test('a bank read as of an earlier day than before keeps what it has', async () => {
  const { feed } = (await night('2026-03-02')).get('entries-1.csv')!
  expect(feed).toMatchObject({ rowsApplied: 3, rowsQuarantined: 0 })
})

test('a file whose mapping says something else now is read again, as of its own day', async () => {
  await runPlaybook(bank.rt, [
    { ...PEOPLE, fields: { ...PEOPLE.fields, city: { value: 'Porto' } } },
    ACCOUNTS,
    UNCONTROLLED,
  ])
  const { feed } = (await night('2026-03-06')).get('people-1.csv')!
  expect(feed).toMatchObject({ rowsRead: 3, rowsApplied: 3, businessOn: '2026-03-02' })
})

test('whoever gives a folder that says otherwise than the playbook that runs is told that it was not used', async () => {
  const playbookFolder = join(folder, 'playbook')
  await pull(bank.rt, playbookFolder)
  const given = async () =>
    importFolder(bank.rt, { playbookFolder, dataFolder: folder, asOf: '2026-03-06', actor, withoutAttributes: true })
  expect(await given()).toMatchObject({ folderDiffers: 0 })
  const file = join(playbookFolder, 'sources', 'people.yaml')
  await writeFile(file, (await readFile(file, 'utf8')).replace('Porto', 'Braga'))
  const imported = await given()
  expect(reportOf(imported).remarks[0]).toMatch(/it was used: 1 documents of the folder are otherwise/)
  const towns = await bank.rt.db`select distinct c.city from know.customer c`
  expect(towns.map((row) => row.city)).toEqual(['Porto'])
})

test('and the counts of every file add up', async () => {
  expect((await runInvariants(bank.rt, invariants)).filter(({ rows }) => rows.length > 0)).toEqual([])
})
