/** What makes two rows the same: what they say, not how the mapping that reads them was written down. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ACCOUNTS, ACCOUNTS_FILE, ENTRIES, HEAD, PEOPLE, PEOPLE_FILE } from '#test/bank-files'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { systemActor } from '#trust/access'
import { registerKinds } from '#trust/playbook'
import { giveFile, kinds } from './index.ts'

const actor = systemActor('test')
let bank: TestBank
let folder: string
beforeAll(async () => {
  bank = await testBank()
  registerKinds(...kinds)
  await runPlaybook(bank.rt, [PEOPLE, ACCOUNTS, ENTRIES])
  folder = await mkdtemp(join(tmpdir(), 'clientele-same-'))
})
afterAll(async () => {
  await bank.close()
  await rm(folder, { recursive: true, force: true })
})

test('an entry given under the same mapping with its fields in another order is a duplicate, not a conflict', async () => {
  const give = async (source: object, name: string, content: string, asOf?: string) => {
    const path = join(folder, name)
    await writeFile(path, content)
    const { feed } = await giveFile(bank.rt, { source: source as never, path, actor, ...(asOf ? { asOf } : {}) })
    return feed
  }
  const { control: _control, ...entries } = ENTRIES
  const turned = { ...entries, fields: Object.fromEntries(Object.entries(entries.fields).toReversed()) }
  const file = `${HEAD}e1;A1;20260226;2150.00;IN;S;;;;;\ne2;A1;20260227;19.90;OUT;C;;;;;groceries\n`
  await give(PEOPLE, 'people.csv', PEOPLE_FILE)
  await give(ACCOUNTS, 'accounts.csv', ACCOUNTS_FILE)
  expect(await give(entries, 'entries.csv', file, '2026-03-02')).toMatchObject({ rowsApplied: 2 })
  expect(await give(turned, 'entries.csv', file, '2026-03-03')).toMatchObject({ rowsDuplicate: 2, rowsQuarantined: 0 })
})
