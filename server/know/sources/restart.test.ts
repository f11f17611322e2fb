import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runInvariants } from '#platform/postgres'
import type { Runtime } from '#platform/runtime'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { systemActor } from '#trust/access'
import { registerKinds } from '#trust/playbook'
import { giveFile, invariants, kinds, sourceOf } from './index.ts'

const actor = systemActor('test')
const csv = { type: 'delimited', delimiter: ';' }
const DOCUMENTS = [
  {
    kind: 'source',
    id: 'people',
    title: 'People',
    file: 'people*.csv',
    format: csv,
    columns: ['id', 'name'],
    target: 'customer',
    key: ['id'],
    fields: { full_name: 'name' },
  },
  {
    kind: 'source',
    id: 'accounts',
    title: 'Accounts',
    file: 'accounts*.csv',
    format: csv,
    columns: ['id', 'owner', 'opened'],
    target: 'holding',
    key: ['id'],
    fields: {
      customer_id: { lookup: 'customer', namespace: 'people', of: 'owner' },
      product: { value: 'everyday' },
      opened_on: { date: 'opened', format: 'YYYY-MM-DD' },
      currency: { value: 'EUR' },
    },
  },
  {
    kind: 'source',
    id: 'entries',
    title: 'Entries',
    file: 'entries*.csv',
    format: csv,
    columns: ['id', 'account', 'day', 'amount', 'balance'],
    target: 'transaction',
    key: ['id'],
    balances: true,
    fields: {
      holding_id: { lookup: 'holding', namespace: 'accounts', of: 'account' },
      transaction_id: 'id',
      booked_on: { date: 'day', format: 'YYYY-MM-DD' },
      amount_minor: { amount: 'amount', currency: 'EUR' },
      balance_after_minor: { amount: 'balance', currency: 'EUR' },
      currency: { value: 'EUR' },
      kind: { value: 'transfer' },
    },
  },
]

/** The power goes out right after the `at`-th call to a store had its effect; undefined calls `at`: it never does. */
function failing(rt: Runtime, at: number): { rt: Runtime; calls: () => number } {
  let calls = 0
  const out = () => {
    if (++calls >= at) throw new Error('the power went out')
  }
  const lake = new Proxy(rt.lake, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return async (...parameters: unknown[]) => {
        const result = await value.apply(target, parameters)
        out()
        return result
      }
    },
  })
  const db = new Proxy(rt.db, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (name !== 'begin') return value
      return async (work: unknown) => {
        const result = await (value as (work: unknown) => Promise<unknown>).call(target, work)
        out()
        return result
      }
    },
  })
  return { rt: { ...rt, lake, db }, calls: () => calls }
}

describe('a restart in the middle of an import loses nothing and repeats nothing', () => {
  let bank: TestBank
  let folder: string
  beforeAll(async () => {
    bank = await testBank()
    registerKinds(...kinds)
    await runPlaybook(bank.rt, DOCUMENTS)
    folder = await mkdtemp(join(tmpdir(), 'clientele-restart-'))
  })
  afterAll(async () => {
    await bank?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const give = async (rt: Runtime, source: string, name: string, content: string) => {
    const path = join(folder, name)
    await writeFile(path, content)
    return giveFile(rt, { source: await sourceOf(bank.rt, source), path, actor })
  }
  const count = async (table: string) =>
    (await bank.rt.db.unsafe<{ n: number }[]>(`select count(*)::int as n from ${table}`))[0]!.n
  const entries = async () =>
    (await bank.rt.lake.query<{ n: number }>('select count() as n from know.account_transaction final'))[0]!.n

  /** Gives a file with the power going out after every single call in turn, and each time again with the power on. */
  async function everywhere(
    source: string,
    fileOf: (nth: number) => string,
    after: (nth: number) => Promise<void>,
    stride = 1,
  ): Promise<number> {
    for (let at = 1; ; at += stride) {
      const failure = failing(bank.rt, at)
      const name = `${source}-${at}.csv`
      const first = await give(failure.rt, source, name, fileOf(at)).catch((error: Error) => error.message)
      const { feed } = await give(bank.rt, source, name, fileOf(at))
      expect(feed, `after call ${at}`).toMatchObject({ state: 'applied', rowsQuarantined: 1 })
      await after(at)
      if (typeof first !== 'string') return at
      expect(first).toBe('the power went out')
    }
  }

  test('customers', async () => {
    const places = await everywhere(
      'people',
      (nth) => `id;name\np${nth}a;Ann\np${nth}b;Bob\nbad\n`,
      async (nth) => expect(await count('know.customer')).toBe(2 * nth),
    )
    expect(places).toBeGreaterThan(10)
  })

  test('accounts', async () => {
    const places = await everywhere(
      'accounts',
      (nth) => `id;owner;opened\na${nth};p1a;2025-01-01\nb${nth};nobody;2025-01-01\n`,
      async (nth) =>
        expect([await count('know.holding'), await count('know.holding_role')]).toEqual([(nth + 1) / 2, (nth + 1) / 2]),
      2,
    )
    expect(places).toBeGreaterThan(10)
  }, 120_000)

  test('transactions of three months', async () => {
    const places = await everywhere(
      'entries',
      (nth) =>
        `id;account;day;amount;balance\nx${nth};a1;2025-0${(nth % 3) + 1}-1${nth % 9};1.00;${nth}.00\ny${nth};a3;2025-05-20;-2.00;-2.00\nz${nth};a3;2025-06-20;-2.00;-4.00\nw${nth};a9999;2025-06-20;1.00;1.00\n`,
      // Every fifth call: three files' worth of calls take a while, and neighbours are alike.
      async (nth) => expect(await entries()).toBe(3 * (1 + (nth - 1) / 5)),
      5,
    )
    expect(places).toBeGreaterThan(15)
  }, 240_000)

  test('and the counts of every file add up', async () => {
    const findings = await runInvariants(bank.rt, invariants)
    expect(findings.filter((finding) => finding.rows.length > 0)).toEqual([])
    expect(await count(`know.feed where state <> 'applied'`)).toBe(0)
    expect(
      await bank.rt.lake.query(
        `select name from system.tables where database = 'know' and (name like 'feed_row_%' or name like 'feed_mark_%')`,
      ),
    ).toEqual([])
  })
})
