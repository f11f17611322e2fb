import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { digest, personalData, personalDataPage, undeclaredColumns } from './index.ts'

let bank: TestBank
beforeAll(async () => {
  bank = await testBank()
})
afterAll(() => bank.close())

describe('the register is the schema itself', () => {
  test('every column that looks personal declares what for and how long', async () => {
    expect((await undeclaredColumns(bank.rt)).map(({ table, column }) => `${table}.${column}`)).toEqual([])
  })

  test('the register knows the evidence of a consent', async () => {
    expect(await personalData(bank.rt)).toContainEqual(
      expect.objectContaining({ table: 'trust.consent_record', column: 'evidence', purpose: 'proof of consent' }),
    )
    expect(await personalDataPage(bank.rt)).toContain('## trust.consent_record')
  })

  test('a column added without a declaration stops the page', async () => {
    await bank.rt.db`alter table trust.consent add column home_address text`
    await expect(personalDataPage(bank.rt)).rejects.toMatchObject({
      code: 'personal_data_undeclared',
      facts: { columns: expect.arrayContaining(['trust.consent.home_address']) },
    })
    await bank.rt.db`alter table trust.consent drop column home_address`
  })
})

describe('a digest tells nothing without the bank’s key', () => {
  test('the same text has the same digest here, and another in another bank', async () => {
    const here = await digest(bank.rt, 'ana@example.org')
    expect(here).toHaveLength(32)
    expect(await digest(bank.rt, 'ana@example.org')).toEqual(here)
    await bank.rt.db`update trust.bank_key set key = sha256('another bank')`
    expect(await digest({ ...bank.rt, config: { ...bank.rt.config } }, 'ana@example.org')).not.toEqual(here)
  })
})
