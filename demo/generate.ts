import { createHash, type Hash } from 'node:crypto'
import { createReadStream, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BRANCHES } from './bank.ts'
import { type Books, blocksOf, booksOf, fillMonth, firstMonth, lastMonth, showcaseBooks } from './books.ts'
import { dateOf, firstOf, nameOf } from './days.ts'
import { entries } from './entries.ts'
import { tellHappenings } from './happenings.ts'
import { MASTERS, type Master, putMasters } from './masters.ts'
import type { Bank } from './model.ts'
import { TOWNS } from './names.ts'
import { closeRows, openRows, type RowFile, TRANSACTION_COLUMNS, writeMonth, writeText } from './rows.ts'
import { SHOWN } from './showcase.ts'

/** The smallest and largest bank: persons. */
export const SIZE_MIN = 1_000
export const SIZE_MAX = 10_000_000

export interface Order extends Bank {
  /** Persons who are customers today. */
  readonly size: number
  /** Folder for the files; made when it does not exist. */
  readonly out: string
  /** Months of transactions in the first part, newest first; what decisions look at. */
  readonly recentMonths: number
}

export type Progress = (done: number, total: number, what: string) => void

export interface Made {
  path: string
  rows: number
  /** Of the amounts, in the customer's view, cents. */
  sum: number
}

/**
 * The first part of a bank: its people, what they hold, what happened, and the newest months of transactions. With it
 * the bank can be used; `generateHistory` writes the months before. Rows are streamed: memory does not grow with size.
 */
export function generateRecent(order: Order, progress: Progress = () => undefined): Made[] {
  const files = openFiles(order)
  putBranches(files('branches.csv', 'branch_code,name,region'))
  for (const master of Object.keys(MASTERS) as Master[]) files(`${master}.csv`, MASTERS[master])
  const events = files('events.jsonl', '')
  const months = monthsOf(order, 'recent')
  eachBooks(order, progress, 'people and recent months', (books) => {
    putMasters(books, (master, row, cents = 0) => putRow(files(`${master}.csv`, ''), row, cents))
    tellHappenings(books, (happening) => putRow(events, JSON.stringify(happening), 0))
    writeMonths(books, months, files, order)
  })
  return settle(order, files.all)
}

/** The months before those of `generateRecent`, each a file of its own, newest first in the returned list. */
export function generateHistory(order: Order, progress: Progress = () => undefined): Made[] {
  const files = openFiles(order)
  const months = monthsOf(order, 'history')
  eachBooks(order, progress, 'earlier months', (books) => writeMonths(books, months, files, order))
  return settle(order, files.all).reverse()
}

/** The file of that name in the order's folder, opened with this header when it is asked for first. */
interface Files {
  (name: string, header: string): RowFile
  readonly all: ReadonlyMap<string, RowFile>
}

function openFiles(order: Order): Files {
  checkOrder(order)
  mkdirSync(order.out, { recursive: true })
  const all = new Map<string, RowFile>()
  const file = (name: string, header: string): RowFile => {
    const known = all.get(name)
    if (known) return known
    const opened = openRows(join(order.out, name), header, name.startsWith('card_'))
    all.set(name, opened)
    return opened
  }
  return Object.assign(file, { all })
}

function putRow(to: RowFile, row: string, cents: number): void {
  writeText(to, `${row}\n`)
  to.rows++
  to.sum += cents
}

/** Both parts; the same files as one after the other. */
export function generate(order: Order, progress?: Progress): Made[] {
  return [...generateRecent(order, progress), ...generateHistory(order, progress)]
}

/** The months of a part, oldest first. */
export function monthsOf(order: Order, part: 'recent' | 'history'): number[] {
  const last = lastMonth(order)
  const from = Math.max(firstMonth(order), last - order.recentMonths + 1)
  const [low, high] = part === 'recent' ? [from, last] : [firstMonth(order), from - 1]
  return Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => low + i)
}

/** Every customer's books once, the people to show first. */
export function eachBooks(
  order: Bank & { size: number },
  progress: Progress,
  what: string,
  visit: (books: Books) => void,
): void {
  const { full, rest } = blocksOf(order.size, SHOWN)
  const blocks = full + (rest > 0 ? 1 : 0)
  visit(showcaseBooks(order))
  for (let index = 0; index < blocks; index++) {
    visit(booksOf(order, index, index < full ? 1000 : rest))
    progress(index + 1, blocks, what)
  }
}

const list = entries()

function writeMonths(books: Books, months: readonly number[], file: Files, order: Order): void {
  for (const month of months) {
    const transactions = file(`transactions-${nameOf(month)}.csv`, TRANSACTION_COLUMNS)
    const cards = file(`card_transactions-${nameOf(month)}.csv`, TRANSACTION_COLUMNS)
    for (const holding of books.block.holdings) {
      const opening = fillMonth(books, holding, month, list)
      if (list.count > 0)
        writeMonth(
          holding.kind === 'card' ? cards : transactions,
          holding.number,
          month,
          list,
          opening,
          order.today - 1,
        )
    }
  }
}

function putBranches(to: RowFile): void {
  const weights = TOWNS.reduce((sum, town) => sum + town.weight, 0)
  let town = 0
  let until = (TOWNS[0]!.weight / weights) * BRANCHES
  for (let branch = 1; branch <= BRANCHES; branch++) {
    while (branch > Math.round(until) && town < TOWNS.length - 1) until += (TOWNS[++town]!.weight / weights) * BRANCHES
    writeText(
      to,
      `${String(branch).padStart(3, '0')},Riverside Bank ${TOWNS[town]!.town} ${branch},${TOWNS[town]!.town}\n`,
    )
    to.rows++
  }
}

/** Closes the files and writes beside each what it must add up to: rows, the sum of its amounts, the business date. */
function settle(order: Order, files: ReadonlyMap<string, RowFile>): Made[] {
  const made: Made[] = []
  for (const [name, file] of files) {
    closeRows(file)
    made.push({ path: file.path, rows: file.rows, sum: file.sum })
    if (name.endsWith('.jsonl')) continue
    const control = { rows: file.rows, sum: (file.sum / 100).toFixed(2), businessDate: businessDate(order, name) }
    writeFileSync(join(order.out, name.replace(/\.csv$/, '.control.json')), `${JSON.stringify(control)}\n`)
  }
  return made
}

/** A month's file is as of its last day, or of yesterday when it has not ended; the other files are as of yesterday. */
function businessDate(order: Order, name: string): string {
  const month = /-(\d{4})-(\d{2})\.csv$/.exec(name)
  if (!month) return dateOf(order.today - 1)
  const last = firstOf(Number(month[1]) * 12 + Number(month[2])) - 1
  return dateOf(Math.min(last, order.today - 1))
}

function checkOrder(order: Order): void {
  if (!Number.isInteger(order.size) || order.size < SIZE_MIN || order.size > SIZE_MAX) {
    throw new RangeError(`a demo bank has ${SIZE_MIN} to ${SIZE_MAX} customers; found ${order.size}`)
  }
  if (!Number.isInteger(order.years) || order.years < 1 || order.years > 3) {
    throw new RangeError(`transactions are made for 1 to 3 years; found ${order.years}`)
  }
}

/** SHA-256 of each file, by its name without the folder: the same order gives the same digests. */
export async function digestsOf(made: readonly Made[]): Promise<Map<string, string>> {
  const digests = new Map<string, string>()
  for (const { path } of made) {
    const hash: Hash = createHash('sha256')
    for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer)
    digests.set(path.slice(path.lastIndexOf('/') + 1), hash.digest('hex'))
  }
  return digests
}
