/** The files of bench/import: made from a seed, so that every run imports the same bank. */

import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { seededRandom } from '#platform/runtime'

const FAMILY = [
  'Novák',
  'Schmidt',
  'García',
  'Rossi',
  'Kowalski',
  'Jensen',
  'Müller',
  'Dubois',
  'Horváth',
  'Silva',
  'Łukasik',
  'Nyström',
  'Papadopoulos',
  'Ionescu',
  'Bakker',
  "O'Neill",
]
const GIVEN = [
  'Marta',
  'Jonas',
  'Elif',
  'Tom',
  'Henrik',
  'Ana',
  'Lea',
  'Sofie',
  'Karin',
  'Pavel',
  'Inês',
  'Zoë',
  'Matteo',
  'Agnieszka',
  'Lars',
  'Chloé',
]
const CITY = ['Riverside', 'Lakeview', 'Oldbridge', 'Harbour', 'Millfield', 'Northgate']

export const TRANSACTIONS_EACH = 10

/** A writer of lines that waits for the disk. */
async function lines(
  path: string,
  header: string,
  make: (say: (line: string) => void) => Generator<void>,
): Promise<void> {
  const file = createWriteStream(path, { highWaterMark: 1 << 22 })
  let text = `${header}\n`
  for (const _ of make((line) => (text += `${line}\n`))) {
    if (text.length < 1 << 20) continue
    if (!file.write(text)) await once(file, 'drain')
    text = ''
  }
  file.end(text)
  await once(file, 'close')
}

const day = (number: number): string => new Date(number * 86_400_000).toISOString().slice(0, 10)

/** Writes customers.csv, accounts.csv, owners.csv and transactions.csv with its control file. Money in euros. */
export async function makeFiles(folder: string, customers: number): Promise<void> {
  const random = seededRandom(20260302)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)]!
  const between = (low: number, high: number): number => low + Math.floor(random.next() * (high - low))
  await lines(
    join(folder, 'customers.csv'),
    'id,kind,given,family,born,sex,email,phone,street,city,postcode,country,language,household,branch,team,since',
    function* (say) {
      for (let n = 1; n <= customers; n++) {
        const given = pick(GIVEN)
        const family = pick(FAMILY)
        say(
          `C${n},P,${given},${family},${day(between(-12_000, 14_000))},${n % 2 ? 'F' : 'M'},${given.toLowerCase()}.${n}@example.org,+49 30 ${10_000_000 + n},"Bank Street ${between(1, 200)}, ${n % 9} left",${pick(CITY)},${10_000 + (n % 90_000)},DE,${n % 3 ? 'en' : 'de'},H${Math.ceil(n * 0.62)},B${n % 120},T${n % 400},${day(between(14_000, 20_000))}`,
        )
        yield
      }
    },
  )
  const balances = new Float64Array(customers + 1)
  let control = 0
  await lines(
    join(folder, 'transactions.csv'),
    'id,account,booked,amount,currency,kind,category,other_side,balance',
    function* (say) {
      const kinds = ['salary', 'card', 'card', 'card', 'card', 'transfer', 'debit', 'debit', 'cash', 'card']
      const categories = ['', 'groceries', 'travel', 'fuel', 'eating_out', '', 'housing', 'telephone', '', 'shopping']
      for (let n = 1; n <= customers; n++) {
        let balance = between(10_000, 400_000)
        const opening = balance
        say(`O${n},A${n},2025-09-01,${(opening / 100).toFixed(2)},EUR,transfer,,,${(opening / 100).toFixed(2)}`)
        control += opening
        for (let k = 1; k < TRANSACTIONS_EACH; k++) {
          const which = (n + k) % 10
          const amount = which === 0 ? between(150_000, 350_000) : -between(300, 15_000)
          balance += amount
          control += amount
          say(
            `${n}-${k},A${n},${day(20_335 + k * 17 + (n % 11))},${(amount / 100).toFixed(2)},EUR,${kinds[which]},${categories[which]},DE${1_000_000 + ((n * 7 + k) % 50_000)},${(balance / 100).toFixed(2)}`,
          )
        }
        balances[n] = balance
        yield
      }
    },
  )
  await lines(
    join(folder, 'accounts.csv'),
    'id,owner,product,number,opened,currency,balance,balance_on',
    function* (say) {
      for (let n = 1; n <= customers; n++) {
        say(
          `A${n},C${n},everyday_account,DE00500105${String(n).padStart(12, '0')},2025-09-01,EUR,${(balances[n]! / 100).toFixed(2)},2026-03-01`,
        )
        yield
      }
    },
  )
  await lines(join(folder, 'owners.csv'), 'account,person,role,authority,share,from', function* (say) {
    // One account in eight has a second owner.
    for (let n = 8; n <= customers; n += 8) {
      say(`A${n},C${n},owner,either,5000,2025-09-01`)
      say(`A${n},C${n - 1},owner,either,5000,2025-09-01`)
      yield
    }
  })
  const control_ = { rows: customers * TRANSACTIONS_EACH, sum: (control / 100).toFixed(2), businessDate: '2026-03-01' }
  await writeFile(join(folder, 'transactions.control.json'), JSON.stringify(control_))
}

const csv = { type: 'delimited', delimiter: ',' }

/** The mapping documents of these files. */
export const SOURCES: readonly object[] = [
  {
    kind: 'source',
    id: 'bench_customers',
    title: 'Customers',
    file: 'customers.csv',
    format: csv,
    target: 'customer',
    key: ['id'],
    columns: [
      'id',
      'kind',
      'given',
      'family',
      'born',
      'sex',
      'email',
      'phone',
      'street',
      'city',
      'postcode',
      'country',
      'language',
      'household',
      'branch',
      'team',
      'since',
    ],
    fields: {
      kind: { map: 'kind', to: { P: 'person', B: 'business' } },
      given_name: 'given',
      family_name: 'family',
      full_name: { join: ['given', 'family'] },
      birth_on: { date: 'born', format: 'YYYY-MM-DD' },
      sex: { map: 'sex', to: { F: 'female', M: 'male' } },
      email: { text: 'email', change: 'lower' },
      phone: 'phone',
      address_line: 'street',
      city: 'city',
      postcode: 'postcode',
      country: 'country',
      language: 'language',
      household: 'household',
      branch_code: 'branch',
      team_code: 'team',
      since_on: { date: 'since', format: 'YYYY-MM-DD' },
    },
  },
  {
    kind: 'source',
    id: 'bench_accounts',
    title: 'Accounts',
    file: 'accounts.csv',
    format: csv,
    target: 'holding',
    key: ['id'],
    columns: ['id', 'owner', 'product', 'number', 'opened', 'currency', 'balance', 'balance_on'],
    fields: {
      customer_id: { lookup: 'customer', namespace: 'bench_customers', of: 'owner' },
      product: 'product',
      number: 'number',
      opened_on: { date: 'opened', format: 'YYYY-MM-DD' },
      currency: 'currency',
      balance_minor: { amount: 'balance', currency: { column: 'currency' } },
      balance_on: { date: 'balance_on', format: 'YYYY-MM-DD' },
    },
  },
  {
    kind: 'source',
    id: 'bench_owners',
    title: 'Second owners',
    file: 'owners.csv',
    format: csv,
    target: 'role',
    key: ['account', 'person'],
    columns: ['account', 'person', 'role', 'authority', 'share', 'from'],
    fields: {
      customer_id: { lookup: 'customer', namespace: 'bench_customers', of: 'person' },
      holding_id: { lookup: 'holding', namespace: 'bench_accounts', of: 'account' },
      role: 'role',
      authority: 'authority',
      share_bp: { integer: 'share' },
      from_on: { date: 'from', format: 'YYYY-MM-DD' },
    },
  },
  {
    kind: 'source',
    id: 'bench_transactions',
    title: 'Transactions',
    file: 'transactions.csv',
    format: csv,
    target: 'transaction',
    key: ['id'],
    columns: ['id', 'account', 'booked', 'amount', 'currency', 'kind', 'category', 'other_side', 'balance'],
    control: { file: '*.control.json', sumOf: 'amount_minor' },
    fields: {
      holding_id: { lookup: 'holding', namespace: 'bench_accounts', of: 'account' },
      transaction_id: 'id',
      booked_on: { date: 'booked', format: 'YYYY-MM-DD' },
      amount_minor: { amount: 'amount', currency: 'EUR' },
      currency: 'currency',
      kind: 'kind',
      category: 'category',
      counterparty: 'other_side',
      balance_after_minor: { amount: 'balance', currency: 'EUR' },
    },
  },
]
