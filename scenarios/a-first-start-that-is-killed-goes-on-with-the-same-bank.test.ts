/** ./clientele start on an empty directory, killed (kill -9) again and again while it makes the demo bank. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBank } from '#app/bank'
import { noteBegun, unfinishedBank } from '#app/demo-bank'
import { invariants, wire } from '#app/modules'
import { runInvariants } from '#platform/postgres'
import { verify } from '#trust/audit'

const CUSTOMERS = 1_000
const LONG = process.env.CLIENTELE_LONG === '1'
const CLI = resolve(import.meta.dirname, '../server/app/cli.ts')
/** Where nobody else is likely to listen. */
const PORT = String(20_000 + (process.pid % 20_000))
const PATIENCE_MS = 540_000

let dataDir: string
let running: ChildProcess | undefined
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'clientele-first-start-'))
})
afterAll(async () => {
  running?.kill('SIGKILL')
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
})

/** Starts the server and waits until what it says holds the words; then it is killed, or stopped as a person would. */
const startUntil = (words: RegExp, end: 'SIGKILL' | 'SIGTERM'): Promise<string> =>
  new Promise((settled, failed) => {
    const child = spawn(
      process.execPath,
      [CLI, 'start', '--port', PORT, '--host', '127.0.0.1', '--customers', String(CUSTOMERS), '--data-dir', dataDir],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, CLIENTELE_DEMO_PAGES: 'false', CLIENTELE_LOG_LEVEL: 'error' },
      },
    )
    running = child
    let told = ''
    let asked = false
    child.stderr.on('data', (text) => {
      told += text
      if (asked || !words.test(told)) return
      asked = true
      child.kill(end)
    })
    child.on('close', () => (asked ? settled(told) : failed(new Error(`it ended by itself: ${told.slice(-2000)}`))))
  })

/** Lines of the files that a source reads, without their heads. */
async function rowsIn(pattern: RegExp): Promise<number> {
  let rows = 0
  const folder = join(dataDir, 'riverside')
  for (const name of readdirSync(folder).filter((name) => pattern.test(name))) {
    for await (const line of createInterface({ input: createReadStream(join(folder, name)) })) if (line !== '') rows++
    if (name.endsWith('.csv')) rows--
  }
  return rows
}

describe('a first start that is killed goes on with the same bank', () => {
  test(
    'killed while its customers come in, and again while what they told and their earlier months do',
    async () => {
      await startUntil(/Making Riverside Bank [3-9]\d %/, 'SIGKILL')
      const note = readFileSync(join(dataDir, 'riverside.json'), 'utf8')
      // Before it is usable nobody is told that it is; the bank that was begun is the one that is made, of the same day.
      const second = await startUntil(/customers are here/, 'SIGKILL')
      expect(second).toContain('1,000 customers are here')
      expect(readFileSync(join(dataDir, 'riverside.json'), 'utf8')).toBe(note)
      if (LONG) await startUntil(/Earlier months [2-9]\d %/, 'SIGKILL')
      expect(existsSync(join(dataDir, 'riverside.json'))).toBe(true)
      await startUntil(/Riverside Bank is complete/, 'SIGTERM')
      expect(existsSync(join(dataDir, 'riverside.json'))).toBe(false)
    },
    PATIENCE_MS,
  )

  test(
    'then everybody and everything is there, once, and every invariant holds',
    async () => {
      wire()
      const bank = await openBank({ dataDir, overrides: { log: { level: 'error' } } })
      try {
        const { rt } = bank
        const [counts] = await rt.db<Record<string, number>[]>`
          select (select count(*) from know.customer_key where source = 'core_customer')::int as customers,
                 (select count(*) from know.holding)::int as holdings,
                 (select count(*) from know.event)::int as events,
                 (select count(*) from know.feed where state <> 'applied')::int as unfinished,
                 (select count(*) from know.feed_row_quarantine)::int as quarantined`
        expect(counts).toEqual({
          customers: await rowsIn(/^customers.*\.csv$/),
          holdings: await rowsIn(/^holdings.*\.csv$/),
          events: await rowsIn(/^events.*\.jsonl$/),
          unfinished: 0,
          quarantined: 0,
        })
        const [lake] = await rt.lake.query<{ bookings: number }>(
          'select count() as bookings from know.account_transaction final',
        )
        expect(lake!.bookings).toBe(await rowsIn(/^(card_)?transactions.*\.csv$/))
        expect((await runInvariants(rt, invariants)).filter(({ rows }) => rows.length > 0)).toEqual([])
        expect((await verify(rt)).whole).toBe(true)
        expect(unfinishedBank(rt)).toBeUndefined()
      } finally {
        await bank.close()
      }
    },
    PATIENCE_MS,
  )

  test('what was begun is the bank that is gone on with, whatever today is', async () => {
    const rt = { config: { stores: { dataDir } }, clock: { now: () => new Date('2030-01-01T12:00:00Z') } } as never
    noteBegun(rt, { customers: 3000, seed: 9, years: 2, folder: '', today: '2026-03-02' })
    expect(unfinishedBank(rt)).toMatchObject({ customers: 3000, seed: 9, today: '2026-03-02' })
  })
})
