import { closeSync, openSync, writeSync } from 'node:fs'
import { dateOf } from './days.ts'
import { CURRENCIES, ENTRIES_MAX, type Entries, inOrder, LABELS } from './entries.ts'

const CHUNK = 1 << 20
const ROW_MAX = 400

/** The columns of the transaction files; amounts in cents with the side of the core: D takes from, C adds to. */
export const TRANSACTION_COLUMNS =
  'account,transaction,booked_on,value_on,occurred_at,amount,side,currency,kind,operation,category,own_transfer,customer_initiated,status,counterparty,balance_after,reverses,original_amount,original_currency'

/** A file of rows written through one buffer; counts its rows and sums its amounts for the control file. */
export interface RowFile {
  readonly path: string
  readonly file: number
  readonly bytes: Buffer
  at: number
  rows: number
  sum: number
  /** Written from the bank's side: what a customer pays is positive, what is owed too. */
  readonly opposite: boolean
}

export function openRows(path: string, header: string, opposite = false): RowFile {
  const rows: RowFile = {
    path,
    file: openSync(path, 'w'),
    bytes: Buffer.allocUnsafe(CHUNK + ROW_MAX * 8),
    at: 0,
    rows: 0,
    sum: 0,
    opposite,
  }
  if (header !== '') writeText(rows, `${header}\n`)
  return rows
}

export function writeText(rows: RowFile, text: string): void {
  if (rows.at > CHUNK) flush(rows)
  if (text.length * 3 > CHUNK) throw new RangeError(`a row of ${text.length} characters is longer than the buffer`)
  rows.at += rows.bytes.write(text, rows.at, 'utf8')
}

function flush(rows: RowFile): void {
  for (let from = 0; from < rows.at; ) from += writeSync(rows.file, rows.bytes, from, rows.at - from)
  rows.at = 0
}

export function closeRows(rows: RowFile): void {
  flush(rows)
  closeSync(rows.file)
}

const COMMA = 44
const ZERO = 48

function digits(bytes: Buffer, at: number, value: number): number {
  let rest = value
  let place = at
  if (rest < 0) {
    bytes[place++] = 45
    rest = -rest
  }
  let size = 1
  for (let bound = 10; rest >= bound; bound *= 10) size++
  for (let digit = place + size - 1; digit >= place; digit--) {
    const less = Math.floor(rest / 10)
    bytes[digit] = ZERO + rest - less * 10
    rest = less
  }
  return place + size
}

function copy(bytes: Buffer, at: number, from: Uint8Array): number {
  for (let i = 0; i < from.length; i++) bytes[at + i] = from[i]!
  return at + from.length
}

const latin = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))

const dates = new Map<number, Uint8Array>()

function dateBytes(day: number): Uint8Array {
  let found = dates.get(day)
  if (!found) {
    found = latin(dateOf(day))
    dates.set(day, found)
  }
  return found
}

const TIMES = Array.from({ length: 1440 }, (_, minute) =>
  latin(`T${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00Z`),
)
/** Everything between the amount and the counterparty that a label and a side decide. */
const booked = LABELS.map((one) =>
  ['D', 'C'].map((side) =>
    latin(`,${side},EUR,${one.kind},${one.operation},${one.category},${one.own},${one.initiated},booked,`),
  ),
)
const pending = LABELS.map((one) =>
  ['D', 'C'].map((side) =>
    latin(`,${side},EUR,${one.kind},${one.operation},${one.category},${one.own},${one.initiated},pending,`),
  ),
)
const CODES = CURRENCIES.map((one) => latin(one.code))

const order = new Int16Array(ENTRIES_MAX)
const sequence = new Int16Array(ENTRIES_MAX)

/**
 * Writes a holding's month in booking order with running balances, as far as the business date; authorisations that
 * are not booked by then are written as pending and change no balance. Returns the balance at the business date.
 */
export function writeMonth(
  to: RowFile,
  account: number,
  month: number,
  list: Entries,
  openingCents: number,
  businessDay: number,
): number {
  inOrder(list, order)
  let balance = openingCents
  for (let place = 0; place < list.count; place++) sequence[order[place]!] = place + 1
  for (let place = 0; place < list.count; place++) {
    const at = order[place]!
    const day = list.day[at]!
    const occurred = day - list.lag[at]!
    if (day > businessDay && (occurred > businessDay || list.lag[at] === 0)) continue
    const waits = day > businessDay
    if (!waits) balance += list.cents[at]!
    writeRow(to, account, month, list, at, occurred, balance, waits)
  }
  return balance
}

function writeRow(
  to: RowFile,
  account: number,
  month: number,
  list: Entries,
  at: number,
  occurred: number,
  balance: number,
  waits: boolean,
): void {
  if (to.at > CHUNK) flush(to)
  const bytes = to.bytes
  const cents = list.cents[at]!
  const what = list.label[at]!
  const reversed = list.reverses[at]!
  let put = digits(bytes, to.at, account)
  bytes[put++] = COMMA
  put = transactionId(bytes, put, account, month, sequence[at]!)
  bytes[put++] = COMMA
  put = copy(bytes, put, dateBytes(waits ? occurred : list.day[at]!))
  bytes[put++] = COMMA
  // Valued on another day than booked: what is returned counts for interest from the day of what it undoes.
  if (reversed >= 0) put = copy(bytes, put, dateBytes(list.day[reversed]!))
  bytes[put++] = COMMA
  // The core knows the moment of what a customer did; the rest happens in its night run.
  if (LABELS[what]!.initiated === 1) {
    put = copy(bytes, put, dateBytes(occurred))
    put = copy(bytes, put, TIMES[list.minute[at]!]!)
  }
  bytes[put++] = COMMA
  put = digits(bytes, put, to.opposite ? -cents : Math.abs(cents))
  put = copy(bytes, put, (waits ? pending : booked)[what]![cents < 0 ? 0 : 1]!)
  put = digits(bytes, put, list.payee[at]!)
  bytes[put++] = COMMA
  if (!waits) put = digits(bytes, put, to.opposite ? 0 - balance : balance)
  bytes[put++] = COMMA
  if (reversed >= 0) put = transactionId(bytes, put, account, month, sequence[reversed]!)
  bytes[put++] = COMMA
  const currency = list.currency[at]!
  if (currency !== 0) put = digits(bytes, put, Math.abs(list.original[at]!))
  bytes[put++] = COMMA
  if (currency !== 0) put = copy(bytes, put, CODES[currency]!)
  bytes[put++] = 10
  to.at = put
  to.rows++
  to.sum += cents
}

/** Account, year, month and the place in the account's month: one id for an authorisation and the booking that follows. */
function transactionId(bytes: Buffer, at: number, account: number, month: number, place: number): number {
  let put = digits(bytes, at, account)
  put = digits(bytes, put, (Math.floor(month / 12) % 100) * 100 + (month % 12) + 1)
  bytes[put++] = ZERO + Math.floor(place / 100)
  bytes[put++] = ZERO + (Math.floor(place / 10) % 10)
  bytes[put++] = ZERO + (place % 10)
  return put
}
