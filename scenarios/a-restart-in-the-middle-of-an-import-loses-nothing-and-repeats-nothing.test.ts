import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBank } from '#app/bank'
import { invariants } from '#know/sources'
import { runInvariants } from '#platform/postgres'
import { writeDocument } from '#trust/playbook'
import { makeFiles, SOURCES, TRANSACTIONS_EACH } from '../bench/import-files.ts'

const CUSTOMERS = 2_000
const CLI = resolve(import.meta.dirname, '../server/app/cli.ts')

describe('a restart in the middle of an import loses nothing and repeats nothing', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clientele-restart-'))
    await makeFiles(folder, CUSTOMERS)
    const playbook = join(folder, 'playbook')
    const documents = [
      {
        kind: 'bank',
        id: 'small',
        title: 'Small',
        zone: 'Europe/Berlin',
        currency: 'EUR',
        languages: ['en'],
        calendar: 'days',
      },
      { kind: 'calendar', id: 'days', title: 'Days', workingWeekdays: [1, 2, 3, 4, 5], holidays: [] },
      ...(SOURCES as { kind: string; id: string; title: string }[]),
    ]
    const folders: Record<string, string> = { bank: 'bank', calendar: 'calendars', source: 'sources' }
    for (const document of documents) {
      await mkdir(join(playbook, folders[document.kind]!), { recursive: true })
      await writeFile(join(playbook, folders[document.kind]!, `${document.id}.yaml`), writeDocument(document))
    }
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** Imports by command line; kills the process with signal 9 when it has told `lines` of its progress. */
  const importing = (lines: number): Promise<'killed' | 'done' | string> =>
    new Promise((settled) => {
      const child = spawn(
        process.execPath,
        [CLI, 'import', join(folder, 'playbook'), folder, '--data-dir', join(folder, 'data')],
        { stdio: ['ignore', 'ignore', 'pipe'] },
      )
      let told = ''
      child.stderr.on('data', (text) => {
        told += text
        if (told.split('Importing ').length - 1 >= lines) child.kill('SIGKILL')
      })
      child.on('close', (code, signal) => settled(signal === 'SIGKILL' ? 'killed' : code === 0 ? 'done' : told))
    })

  test('the importing process is killed nine times, each time a little later', async () => {
    let kills = 0
    for (let lines = 1; lines <= 9; lines++) {
      const ended = await importing(lines)
      expect(['killed', 'done']).toContain(ended)
      if (ended === 'killed') kills++
    }
    expect(kills).toBeGreaterThan(2)
    expect(await importing(Number.POSITIVE_INFINITY)).toBe('done')

    const bank = await openBank({ dataDir: join(folder, 'data'), overrides: { log: { level: 'error' } } })
    try {
      const { db, lake } = bank.rt
      const [counts] = await db`
        select (select count(*) from know.customer) as customers, (select count(*) from know.customer_key) as keys,
               (select count(*) from know.holding) as holdings, (select count(*) from know.holding_role where role = 'owner') as owners,
               (select count(*) from know.feed where state = 'applied') as feeds, (select count(*) from know.feed) as all_feeds`
      expect(counts).toEqual({
        customers: CUSTOMERS,
        keys: CUSTOMERS,
        holdings: CUSTOMERS,
        owners: CUSTOMERS + CUSTOMERS / 8,
        feeds: 4,
        all_feeds: 4,
      })
      const [transactions] = await lake.query<{ rows: number; ids: number }>(
        'select count() as rows, uniqExact(transaction_id) as ids from know.account_transaction',
      )
      expect(transactions).toEqual({ rows: CUSTOMERS * TRANSACTIONS_EACH, ids: CUSTOMERS * TRANSACTIONS_EACH })
      const findings = await runInvariants(bank.rt, invariants)
      expect(findings.filter((finding) => finding.rows.length > 0)).toEqual([])
    } finally {
      await bank.close()
    }
  }, 240_000)
})
