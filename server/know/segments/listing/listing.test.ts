import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { computeAttributes } from '#know/attributes'
import { fold } from '#know/customers'
import * as events from '#know/events'
import { takeEvents } from '#know/events'
import { drain } from '#platform/outbox'
import { seededRandom } from '#platform/runtime'
import { type TestBank, testBank } from '#test/harness'
import { ATTRIBUTES, BANK, eventsFor, givePeople, giveTransactions } from '#test/histories'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { seal, systemActor } from '#trust/access'
import { membersOf } from '../index.ts'

const PEOPLE = 150
const SEGMENTS = [
  { kind: 'segment', id: 'all', title: 'all', rule: 'true' },
  { kind: 'segment', id: 'grown', title: 'grown', rule: 'customer.age_years >= 30' },
  { kind: 'segment', id: 'not_grown', title: 'not grown', rule: '!(customer.age_years >= 30)', group: 'age' },
]
/** Names that are written in many ways, some the same, one a formula, one longer than any key. */
const NAMES = [
  'Łukasz Żółć',
  'Ann Ng',
  'ann ng',
  "Seán O'Brien",
  'Guðrún Þórsdóttir',
  '=1+1',
  null,
  'Ann Weber, née Ärger',
  'Z'.repeat(400),
  '王小明',
  'محمد علي',
]
const COLUMNS = ['age_years', 'language', 'products', 'last_salary_on', 'max_score', 'joint', 'income_90d'] as const

let bank: TestBank
let http: TestHttp
const { next } = seededRandom(29)
const choose = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  const { rt } = bank
  await runPlaybook(rt, [...BANK, ...ATTRIBUTES, ...SEGMENTS])
  const nowMs = rt.clock.now().getTime()
  await givePeople(rt, next, PEOPLE, nowMs)
  await giveTransactions(rt, next, 10, nowMs)
  await takeEvents(rt, eventsFor(next, PEOPLE, 300, nowMs))
  await drain(rt, events.subscriptions)
  for (let id = 1; id <= PEOPLE; id++)
    await rt.db`update know.customer set full_name = ${choose(NAMES)}, given_name = null, family_name = null,
                  branch_code = ${choose(['17', '18', null])}, portfolio_code = ${choose(['p1', 'p2', null])} where customer_id = ${id}`
  await seal(rt, { customerId: 5, kind: 'staff', reason: 'works here' }, systemActor('test'))
  await computeAttributes(rt)
  await http.person('local', { role: 'segment_manager', units: [{ kind: 'branch', code: '17' }] })
  await http.person('both', {
    role: 'segment_manager',
    units: [
      { kind: 'branch', code: '18' },
      { kind: 'portfolio', code: 'p1' },
    ],
    customerId: 8,
  })
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

interface Wanted {
  order?: string
  text?: string
  columns?: string
}
interface Member {
  customerId: number
  name: string | null
  values: Record<string, unknown>
}
const page = (segment: string, as: string, query: object) =>
  http.call('GET', `/api/know/segments/${segment}/members`, { as, query: query as never })

/** The whole list, page after page. */
async function walked(segment: string, as: string, wanted: Wanted, membersMax: number) {
  const members: Member[] = []
  const totals = new Set<number>()
  for (let after: string | null | undefined; after !== null; ) {
    const { status, body } = await page(segment, as, { ...wanted, membersMax, ...(after ? { after } : {}) })
    expect([status, body.error]).toEqual([200, undefined])
    members.push(...body.members)
    totals.add(body.total)
    after = body.next
  }
  return { members, totals: [...totals], ids: members.map(({ customerId }) => customerId) }
}

/** Whom somebody may see of the segment: reckoned from the tables themselves. */
async function mayBeSeen(segment: string, as: string): Promise<number[]> {
  const { customerIds } = await membersOf(bank.rt, segment)
  const rows = await bank.rt.db<{ id: number; branch: string | null; portfolio: string | null }[]>`
    select customer_id as id, branch_code as branch, portfolio_code as portfolio from know.customer c
     where customer_id = any(${customerIds}::bigint[]) and customer_id <> 5
       and not exists (select from know.standing s where s.customer_id = c.customer_id
                          and s.standing in ('staff', 'vip', 'support_need') and (s.to_on is null or s.to_on >= '2026-03-02'))`
  const mine: Record<string, (row: (typeof rows)[number]) => boolean> = {
    mina: () => true,
    local: ({ branch }) => branch === '17',
    both: ({ id, branch, portfolio }) => id !== 8 && (branch === '18' || portfolio === 'p1'),
  }
  return rows.filter(mine[as]!).map(({ id }) => id)
}

const sorted = (ids: readonly number[]): number[] => [...ids].sort((a, b) => a - b)
const isAbsent = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0)
const keyOf = (value: unknown): string | number =>
  typeof value === 'number' || typeof value === 'boolean'
    ? Number(value)
    : [...fold(Array.isArray(value) ? value.join(' ') : String(value))].slice(0, 100).join('')

/** Whether each goes before the next: absent values last, among equals the lower number first. */
function inOrder(members: readonly Member[], order: string): boolean {
  const by = order.replace(/^-/, '')
  const of = ({ customerId, name, values }: Member): unknown =>
    by === 'number' ? customerId : by === 'name' ? name : values[by.slice('customer.'.length)]
  return members.every((after, at) => {
    if (at === 0) return true
    const before = members[at - 1]!
    const [a, b] = [of(before), of(after)]
    if (isAbsent(a) || isAbsent(b)) return isAbsent(b) && (!isAbsent(a) || before.customerId < after.customerId)
    const [x, y] = [keyOf(a), keyOf(b)]
    if (x === y) return before.customerId < after.customerId
    // The lake compares texts by their bytes.
    const less = typeof x === 'string' ? Buffer.compare(Buffer.from(x), Buffer.from(String(y))) < 0 : x < (y as number)
    return order.startsWith('-') ? !less : less
  })
}

describe('the members of a segment, page after page', () => {
  test('in any order and by pages of any size, everybody whom one may see comes exactly once, in that order', async () => {
    const orders = ['number', 'name', ...COLUMNS.map((id) => `customer.${id}`)].flatMap((one) => [one, `-${one}`])
    const whose = ['mina', 'local', 'both'] as const
    for (const [at, order] of orders.entries())
      for (const as of [whose[at % 3]!, whose[(at + 1) % 3]!]) {
        const segment = choose(['all', 'grown', 'not_grown'])
        const membersMax = choose(as === 'mina' ? [40, 61] : [9, 17, 1000])
        const told = `${order} of ${segment} for ${as} by ${membersMax}`
        const { ids, members, totals } = await walked(segment, as, { order, columns: COLUMNS.join(',') }, membersMax)
        const expected = await mayBeSeen(segment, as)
        expect([told, sorted(ids)]).toEqual([told, sorted(expected)])
        expect([told, totals]).toEqual([told, [expected.length]])
        expect([told, inOrder(members, order)]).toEqual([told, true])
        expect([told, expected.length > 3]).toEqual([told, true])
      }
  }, 300_000)

  test('a text finds words of the name however they are written, words and numbers of the columns, and the number', async () => {
    const everybody = (await walked('all', 'mina', { columns: COLUMNS.join(',') }, 1000)).members
    const found = async (text: string, columns?: string) =>
      sorted((await walked('all', 'mina', { text, order: '-name', ...(columns ? { columns } : {}) }, 7)).ids)
    const those = (fits: (member: Member) => boolean) => sorted(everybody.filter(fits).map((one) => one.customerId))
    expect(await found('lukasz')).toEqual(those(({ name }) => name === 'Łukasz Żółć'))
    expect(await found('GUDRUN thors')).toEqual([])
    expect(await found('guðrún Torsd')).toEqual(those(({ name }) => name === 'Guðrún Þórsdóttir'))
    expect(await found('obrien sean')).toEqual(those(({ name }) => name === "Seán O'Brien"))
    expect(await found('小明')).toEqual(those(({ name }) => name === '王小明'))
    expect(await found('ng ann')).toEqual(those(({ name }) => name?.toLowerCase() === 'ann ng'))
    expect(await found('everyday', 'products')).toEqual(
      those(({ values }) => (values.products as string[]).some((one) => one.includes('everyday'))),
    )
    // Nobody is found by what is not shown.
    expect(await found('everyday')).toEqual([])
    const salary = everybody.find(({ values }) => values.last_salary_on)!.values.last_salary_on as string
    expect(await found(salary.slice(0, 7), 'last_salary_on')).toEqual(
      those(({ values }) => String(values.last_salary_on).startsWith(salary.slice(0, 7))),
    )
    const age = everybody.find(({ values }) => values.age_years)!.values.age_years
    expect(await found(String(age), 'age_years')).toEqual(
      those(({ customerId, values }) => values.age_years === age || customerId === age),
    )
    expect(await found('5')).toEqual([])
    expect(await found("' or 1=1 --")).toEqual([])
  })

  test('the exported file holds the same people in the same order, and nothing that a spreadsheet would run', async () => {
    const wanted = { order: '-customer.age_years', columns: 'age_years,products', text: '' }
    const { ids } = await walked('all', 'both', wanted, 40)
    const { status, body, headers } = await http.call('GET', '/api/know/segments/all/members/export', {
      as: 'both',
      query: wanted,
    })
    expect(status).toBe(200)
    expect(headers['content-disposition']).toBe('attachment; filename="all.csv"')
    const lines = String(body).trim().split('\r\n')
    expect(lines[0]).toBe('number,name,age_years,products')
    expect(lines.slice(1).map((line) => Number(line.split(',')[0]))).toEqual(ids)
    const formulas = String((await http.call('GET', '/api/know/segments/all/members/export', { as: 'mina' })).body)
    expect(formulas).toContain(`,'=1+1\r\n`)
    const [row] = await bank.rt.db<{ customers: number }[]>`
      select cardinality(customers) as customers from trust.audit_entry where action = 'know.segments:listed'
       order by at desc, sequence desc limit 1`
    expect(row!.customers).toBeGreaterThan(0)
    expect((await http.call('GET', '/api/know/segments/all/members/export', { as: 'sofia' })).status).toBe(403)
  })

  test('who has moved to another branch since is not shown there any more, nor anywhere before the next computation', async () => {
    const [first] = (await walked('all', 'local', {}, 40)).ids
    await bank.rt.db`update know.customer set branch_code = '99' where customer_id = ${first!}`
    expect((await walked('all', 'local', {}, 40)).ids).not.toContain(first)
    await bank.rt.db`update know.customer set branch_code = '17' where customer_id = ${first!}`
    await seal(bank.rt, { customerId: first!, kind: 'vip', reason: 'well known' }, systemActor('test'))
    const sealed = await walked('all', 'local', {}, 40)
    expect(sealed.ids).not.toContain(first)
    expect(sealed.totals).toEqual([sealed.ids.length])
  })

  test('a place of another order, of another computation or of nothing is refused, each in its words', async () => {
    const { body } = await page('all', 'mina', { membersMax: 3, order: 'name' })
    const refused = async (query: object) => (await page('all', 'mina', query)).body.error?.code
    expect(await refused({ order: '-name', after: body.next })).toBe('place_refused')
    expect(await refused({ order: 'name', after: 'bm90aGluZw' })).toBe('place_refused')
    expect(await refused({ order: 'customer.shoe_size' })).toBe('no_such_attribute')
    await computeAttributes(bank.rt)
    expect(await refused({ order: 'name', after: body.next })).toBe('list_computed_anew')
  })
})
