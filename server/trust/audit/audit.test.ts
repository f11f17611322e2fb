import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runInvariants } from '#platform/postgres'
import { transaction } from '#platform/runtime'
import { type TestBank, testBank } from '#test/harness'
import { anchor, csvLine, eraseCustomer, invariants, read, record, verify } from './index.ts'

let bank: TestBank
beforeEach(async () => {
  bank = await testBank()
})
afterEach(() => bank.close())

const riya = { id: 'riya', kind: 'person' as const }
const viewed = (customerId: number, facts = {}) =>
  record(bank.rt, { actor: riya, action: 'know.customers:viewed', customerIds: [customerId], facts })
/** As somebody with the database in their hands would do it: with the triggers off. */
const tamper = async (sql: string) => {
  await bank.rt.db.unsafe(`alter table trust.audit_entry disable trigger user; alter table trust.audit_anchor disable trigger user;
    ${sql}; alter table trust.audit_entry enable trigger user; alter table trust.audit_anchor enable trigger user`)
}
/** Enough rows that some chain has three. */
const fill = async () => {
  for (let n = 0; n < 20; n++) await Promise.all(Array.from({ length: 40 }, (_, i) => viewed((i % 7) + 1, { n })))
  const [row] = await bank.rt.db<
    { chain: number }[]
  >`select chain from trust.audit_entry group by chain having count(*) >= 3 order by chain limit 1`
  return row!.chain
}

describe('who saw a customer', () => {
  test('is on record with the actor, the action and the moment, and found again by the customer', async () => {
    await viewed(7)
    await viewed(8)
    expect(await read(bank.rt, { customerId: 7 })).toMatchObject([
      { actorId: 'riya', action: 'know.customers:viewed', at: bank.clock.now() },
    ])
    expect(await read(bank.rt, { customerId: 9 })).toEqual([])
    expect(await read(bank.rt, { actorId: 'somebody else' })).toEqual([])
  })

  test('holds no customer number: a salted digest only, and another one for each customer', async () => {
    await record(bank.rt, {
      actor: riya,
      action: 'know.customers:searched',
      customerIds: [4711, 4712],
      reason: 'asked at the counter',
    })
    const text = JSON.stringify(await bank.rt.db`select * from trust.audit_entry`)
    expect(text).not.toContain('4711')
    expect(text).not.toContain('counter')
    const [entry] = await read(bank.rt, { customerId: 4711 })
    expect(entry).toMatchObject({ reason: 'asked at the counter' })
    expect(new Set(entry!.customers).size).toBe(2)
  })

  test('is on record only if what was done commits', async () => {
    await transaction(bank.rt, async (rt) => {
      await record(rt, { actor: riya, action: 'know.customers:viewed', customerIds: [7] })
      throw new Error('changed my mind')
    }).catch(() => {})
    expect(await read(bank.rt, {})).toEqual([])
  })

  test('is nobody’s after the customer was erased, and the chain stays whole', async () => {
    await record(bank.rt, {
      actor: riya,
      action: 'know.customers:viewed',
      customerIds: [7],
      reason: 'a name stands here',
    })
    await eraseCustomer(bank.rt, 7)
    expect(await read(bank.rt, { customerId: 7 })).toEqual([])
    expect(await read(bank.rt, {})).toMatchObject([{ reason: null }])
    expect((await verify(bank.rt)).whole).toBe(true)
  })
})

describe('writers do not wait for each other', () => {
  test('many transactions that each record and stay open go on side by side', async () => {
    let open = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        transaction(bank.rt, async (rt) => {
          await record(rt, { actor: riya, action: 'a:b', customerIds: [i + 1] })
          most = Math.max(most, ++open)
          await new Promise((resolve) => setTimeout(resolve, 50))
          await record(rt, { actor: riya, action: 'a:c', customerIds: [9 - i] })
          open--
        }),
      ),
    )
    expect(most).toBeGreaterThan(4)
    expect(await verify(bank.rt)).toMatchObject({ whole: true, entries: 16 })
  })
})

describe('I12: what was written stays as it was written', () => {
  test('the store refuses to change, delete or empty it', async () => {
    await viewed(7)
    for (const sql of [
      "update trust.audit_entry set actor_id = 'x'",
      'delete from trust.audit_entry',
      'truncate trust.audit_entry',
    ]) {
      await expect(bank.rt.db.unsafe(sql)).rejects.toThrow('append-only')
    }
  })

  test('an untouched audit is whole', async () => {
    await fill()
    await anchor(bank.rt)
    expect(await verify(bank.rt)).toMatchObject({ whole: true, entries: 800, anchors: 1, breaks: [] })
    expect(await runInvariants(bank.rt, invariants)).toMatchObject([{ id: 'I12', rows: [] }])
  })

  test.each([
    [
      'a row changed',
      (c: number) => `update trust.audit_entry set actor_id = 'somebody else' where chain = ${c} and sequence = 2`,
    ],
    ['a fact changed', (c: number) => `update trust.audit_entry set facts = '{}' where chain = ${c} and sequence = 1`],
    ['a row deleted in the middle', (c: number) => `delete from trust.audit_entry where chain = ${c} and sequence = 2`],
    ['the first row deleted', (c: number) => `delete from trust.audit_entry where chain = ${c} and sequence = 1`],
    [
      'the last row deleted',
      (c: number) =>
        `delete from trust.audit_entry e where chain = ${c} and sequence = (select max(sequence) from trust.audit_entry where chain = ${c})`,
    ],
    [
      'two rows swapped',
      (c: number) =>
        `update trust.audit_entry set sequence = -sequence where chain = ${c} and sequence < 3; update trust.audit_entry set sequence = 3 + sequence where chain = ${c} and sequence < 0`,
    ],
    [
      'a row added at the end',
      (c: number) =>
        `insert into trust.audit_entry select chain, sequence + 1, at, actor_kind, actor_id, action, customers, subject, reason, facts, hash from trust.audit_entry where chain = ${c} order by sequence desc limit 1`,
    ],
    [
      'a whole chain deleted',
      (c: number) =>
        `delete from trust.audit_entry where chain = ${c}; delete from trust.audit_head where chain = ${c}`,
    ],
    [
      'a row moved to another chain',
      (c: number) => `update trust.audit_entry set chain = 999 where chain = ${c} and sequence = 1`,
    ],
  ])('%s is found', async (_what, sql) => {
    const chain = await fill()
    await tamper(sql(chain))
    expect((await verify(bank.rt)).whole).toBe(false)
    expect((await runInvariants(bank.rt, invariants))[0]!.rows.length).toBeGreaterThan(0)
  })

  test('a tail cut off together with its head is found by the anchor', async () => {
    const chain = await fill()
    const { anchorId, signature } = await anchor(bank.rt)
    await tamper(`delete from trust.audit_entry where chain = ${chain} and sequence > 1;
      update trust.audit_head h set sequence = 1, hash = (select hash from trust.audit_entry e where e.chain = ${chain} and e.sequence = 1) where chain = ${chain}`)
    expect((await verify(bank.rt)).breaks).toMatchObject([
      { chain, problem: expect.stringContaining(`anchor ${anchorId}`) },
    ])
    // Who deletes the anchor too is found by the log, which has its signature.
    await tamper('delete from trust.audit_anchor')
    expect((await verify(bank.rt)).whole).toBe(true)
    expect((await verify(bank.rt, { expected: { anchorId, signature } })).whole).toBe(false)
  })

  test('an anchor made again without the key is found', async () => {
    await fill()
    await anchor(bank.rt)
    await tamper("update trust.audit_anchor set heads = '[]'")
    expect((await verify(bank.rt)).whole).toBe(false)
  })
})

test('an export cannot run as a formula in a spreadsheet', () => {
  expect(csvLine(['=1+1', '+49', '-1', '@x', 'a "quote", and a comma', null, { a: 1 }])).toBe(
    `'=1+1,'+49,'-1,'@x,"a ""quote"", and a comma",,"{""a"":1}"\r\n`,
  )
})
