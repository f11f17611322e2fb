/**
 * Import: a million customers with accounts and ten million transactions, from files to answered questions, against the
 * bare load of the very same rows into tables with the same keys and indexes, in the same stores and the same run.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Bank, openBank } from '#app/bank'
import { wire } from '#app/modules'
import { searchCustomers } from '#know/customers'
import { importFolder } from '#know/sources'
import { copyFrom, copyTo } from '#platform/postgres'
import { systemActor } from '#trust/access'
import { activateFirst, type Document, readFolder, writtenOf } from '#trust/playbook'
import { atMost, type BenchRun, printed } from './figure.ts'
import { makeFiles, SOURCES, TRANSACTIONS_EACH } from './import-files.ts'

const TABLES = ['household', 'household_key', 'customer_key', 'customer', 'holding_key', 'holding', 'holding_role']

/** Runs a piece of work and tells how long it took, in seconds. */
async function timed<T>(work: () => Promise<T>): Promise<[seconds: number, result: T]> {
  const began = performance.now()
  const result = await work()
  return [(performance.now() - began) / 1000, result]
}

/** Memory of each of these processes with all below it, shared pages shared out (PSS), in bytes. */
async function memoryOf(roots: readonly number[]): Promise<number[]> {
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const rootOf = (pid: number | undefined): number =>
    pid === undefined || pid <= 1 ? -1 : roots.includes(pid) ? roots.indexOf(pid) : rootOf(parents.get(pid))
  const bytes = roots.map(() => 0)
  for (const pid of parents.keys()) {
    const root = rootOf(pid)
    if (root < 0) continue
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
    bytes[root]! += Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024
  }
  return bytes
}

/** Watches the memory of all processes of the bank; `stop` tells the peak in all and what each had then. */
function watchMemory(bank: Bank, doing: () => string): { stop(): Promise<{ bytes: number; parts: string }> } {
  let peak = { bytes: 0, parts: '' }
  let ended = false
  const { postgres, clickhouse } = bank.pids()
  const named = Object.entries({ server: process.pid, postgres, clickhouse }).filter(([, pid]) => pid !== undefined)
  const watching = (async () => {
    while (!ended) {
      const each = await memoryOf(named.map(([, pid]) => pid!))
      const bytes = each.reduce((sum, one) => sum + one, 0)
      if (bytes > peak.bytes)
        peak = {
          bytes,
          parts: `${named.map(([name], at) => `${name} ${(each[at]! / 1e9).toFixed(2)}`).join(', ')}, while ${doing()}`,
        }
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  })()
  return {
    stop: async () => {
      ended = true
      await watching
      return peak
    },
  }
}

/** The bare load: the imported rows, dumped before, straight into empty tables of the same form. Seconds. */
async function bareLoad(bank: Bank, folder: string, progress: (sentence: string) => void): Promise<number> {
  const { db, lake } = bank.rt
  await db.unsafe('create schema bare')
  for (const table of TABLES) {
    await db.unsafe(`create table bare.${table} (like know.${table} including all)`)
    await pipeline(await copyTo(db, `know.${table}`), createWriteStream(join(folder, `${table}.copy`)))
  }
  await lake.command('create database bare')
  await lake.command('create table bare.account_transaction as know.account_transaction')
  await pipeline(
    await lake.stream(
      'select * from know.account_transaction order by booked_on, holding_id',
      {},
      { format: 'TabSeparated', timeoutMs: 3_600_000 },
    ),
    createWriteStream(join(folder, 'transactions.tsv')),
  )
  await db.unsafe('checkpoint')
  let seconds = 0
  for (const table of TABLES) {
    const columns = await db.unsafe<{ name: string }[]>(
      `select a.attname as name from pg_attribute a where a.attrelid = 'know.${table}'::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    )
    const [took] = await timed(() =>
      copyFrom(
        db,
        `bare.${table}`,
        columns.map(({ name }) => name),
        createReadStream(join(folder, `${table}.copy`), { highWaterMark: 1 << 20 }),
      ),
    )
    progress(`bare ${table}: ${took.toFixed(1)} s`)
    seconds += took
  }
  const [took] = await timed(() =>
    lake.insert(
      'bare.account_transaction',
      createReadStream(join(folder, 'transactions.tsv'), { highWaterMark: 1 << 20 }),
      {
        format: 'TabSeparated',
        timeoutMs: 3_600_000,
      },
    ),
  )
  progress(`bare transactions: ${took.toFixed(1)} s`)
  return seconds + took
}

export const run: BenchRun = async ({ size, progress }) => {
  const customers = Math.max(1000, Math.round(1_000_000 * size))
  const folder = await mkdtemp(join(tmpdir(), 'clientele-bench-import-'))
  const actor = systemActor('bench')
  const bank = await openBank({
    dataDir: join(folder, 'data'),
    overrides: { log: { level: 'warn' }, stores: { sharedBuffersBytes: 512 * 1024 ** 2 } },
  })
  try {
    wire()
    progress(`making files for ${customers} customers and ${customers * TRANSACTIONS_EACH} transactions`)
    await makeFiles(folder, customers)
    const playbook = await readFolder(new URL('../playbooks/riverside', import.meta.url).pathname)
    // The bench's bank has feeds of its own, so no action can wait for Riverside's.
    const others = playbook.flatMap(({ document }) => {
      if (!document || document.kind === 'source') return []
      const { feeds: _feeds, ...rest } = document
      return [writtenOf(rest as Document)]
    })
    await activateFirst(bank.rt, [...others, ...SOURCES.map((source) => writtenOf(source as Document))], actor)
    await bank.rt.db.unsafe('checkpoint')

    let last = ''
    const memory = watchMemory(bank, () => last)
    const began = performance.now()
    const [importSeconds, imported] = await timed(() =>
      importFolder(bank.rt, {
        dataFolder: folder,
        actor,
        progress: (done, sentence) => {
          if (sentence !== last)
            progress(`${((performance.now() - began) / 1000).toFixed(1)} s, ${(done * 100).toFixed(0)} %: ${sentence}`)
          last = sentence
        },
      }),
    )
    const peak = await memory.stop()
    progress(`memory at its peak, GB: ${peak.parts}`)
    for (const { feed } of imported.outcomes) {
      if (feed.state !== 'applied' || feed.rowsApplied !== feed.rowsRead)
        throw new Error(
          `${feed.fileName}: ${feed.state} ${feed.refusedBecause ?? ''}, ${feed.rowsApplied} of ${feed.rowsRead} applied`,
        )
    }
    const { chain } = imported
    if (chain?.chained !== chain?.accountDays)
      throw new Error(`balances do not chain: ${chain?.chained} of ${chain?.accountDays}`)
    const [searchSeconds, found] = await timed(() =>
      searchCustomers(bank.rt, { text: `+49 30 ${10_000_000 + Math.floor(customers / 2)}`, actor, limit: 10 }),
    )
    if (found.customers.length !== 1)
      throw new Error(`a customer is not found by telephone number: ${found.customers.length}`)
    const bareSeconds = await bareLoad(bank, folder, progress)
    return {
      figures: [
        atMost(
          'import of customers, accounts and transactions, reconciled, searchable, attributes computed',
          's',
          importSeconds,
          'bare load of the same rows',
          bareSeconds,
          2.5,
        ),
        atMost('memory of all processes, peak', 'GB', peak.bytes / 1e9, 'limit', 3),
        printed('transactions imported', 'rows/s', (customers * TRANSACTIONS_EACH) / importSeconds),
        printed('search by telephone number', 'ms', searchSeconds * 1000),
      ],
    }
  } finally {
    await bank.close()
    await rm(folder, { recursive: true, force: true })
  }
}
