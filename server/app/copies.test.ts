import { appendFileSync, cpSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBank, openStores } from '#app/bank'
import { restoreBank } from '#app/copies'
import { type Manifest, readManifest, takeCopy } from '#platform/backup'
import { createDatabase, inTransaction } from '#platform/postgres'
import { type TestBank, testBank } from '#test/harness'
import { freePort, scratchFolder } from '#test/scratch'

const quiet = { env: { CLIENTELE_LOG_LEVEL: 'silent' }, overrides: { stores: { sharedBuffersBytes: 64 * 1024 ** 2 } } }
const folderOfTests = scratchFolder('copies')
const scratch = folderOfTests.path
afterAll(folderOfTests.remove)

const EVENT =
  'insert into know.event (party_id, occurred_at, event_id, version, source, source_event_id, type, payload)'

async function fill(bank: TestBank): Promise<void> {
  await bank.rt.db`insert into platform.stream (customer_id, version) select i, i from generate_series(1, 5000) i`
  await bank.rt.db`
    insert into platform.outbox (customer_id, version, type, payload)
    select i, 1, 'test.said', jsonb_build_object('text', E'tab\t, line\n and \\ "quote" é 🏦', 'n', i) from generate_series(1, 50) i`
  await bank.rt.lake.command(
    `${EVENT} select number, toDateTime64('2026-01-01', 3, 'UTC') + number, generateUUIDv4(), 1, 'web', toString(number), 'web.page_viewed', '{"p":"a\\tb"}' from numbers(20000)`,
  )
}

/** A value that two stores give alike exactly when they hold the same rows. */
async function fingerprint(stores: { db: TestBank['rt']['db']; lake: TestBank['rt']['lake'] }): Promise<unknown> {
  const [pg] = await stores.db`
    select (select md5(string_agg(s::text, '|' order by customer_id)) from platform.stream s) as streams,
           (select md5(string_agg(o::text, '|' order by customer_id)) from platform.outbox o) as outbox`
  const lake = await stores.lake.query('select count() as n, sum(cityHash64(*)) % 1000000007 as digest from know.event')
  return { pg, lake }
}

describe('a copy of a bank', () => {
  let bank: TestBank
  let before: unknown
  const folder = join(scratch, 'copy')

  beforeAll(async () => {
    bank = await testBank()
    await fill(bank)
    before = await fingerprint(bank.rt)
    writeFileSync(join(bank.rt.config.stores.dataDir, 'audit.key'), 'a key of the bank')
    await takeCopy(bank.rt, folder)
  })
  afterAll(() => bank.close())

  test('says what it holds', () => {
    const manifest = readManifest(folder)
    expect(manifest.postgres.find(({ name }) => name === 'platform.stream')?.rows).toBe(5000)
    expect(manifest.lake.find(({ name }) => name === 'know.event')?.rows).toBe(20000)
    expect(manifest.migrations.length).toBeGreaterThan(5)
  })

  test('leaves nothing behind in the stores it was taken from', async () => {
    expect(await bank.rt.lake.query("select name from system.databases where name like 'copy_%'")).toEqual([])
  })

  test('is not written into a folder that holds something', async () => {
    await expect(takeCopy(bank.rt, folder)).rejects.toMatchObject({ code: 'copy_folder_taken' })
  })

  test('comes back in a new data directory, row for row, with its keys; what was sent since is to be asked for', async () => {
    const dataDir = join(scratch, 'restored')
    const steps: number[] = []
    const { skipped } = await restoreBank(folder, { ...quiet, dataDir, progress: ({ done }) => steps.push(done) })
    expect(skipped).toEqual([])
    expect(steps.at(-1)).toBe(steps.length)
    expect(readFileSync(join(dataDir, 'audit.key'), 'utf8')).toBe('a key of the bank')
    const restored = await openBank({ ...quiet, dataDir })
    try {
      expect(await fingerprint(restored.rt)).toEqual(before)
      const [open] = await restored.rt.db<
        { open: number }[]
      >`select count(*) as open from platform.restored where reconciled_at is null`
      expect(open!.open).toBe(1)
      // Sequences go on after the last number given, or the next message would take one that is taken.
      await restored.rt
        .db`insert into platform.outbox (customer_id, version, type, payload) values (1, 2, 'test.said', '{}')`
    } finally {
      await restored.close()
    }
  })

  test('goes from the embedded stores to servers by URL and back', async () => {
    const port = await freePort()
    const serverDir = join(scratch, 'server')
    const server = await openStores({
      ...quiet,
      dataDir: serverDir,
      overrides: { stores: { ...quiet.overrides.stores, postgresPort: port } },
    })
    try {
      const { user, password } = server.postgres.connection
      await createDatabase({ ...server.postgres.connection, database: 'bank' })
      const key = readFileSync(join(serverDir, 'clickhouse.key'), 'utf8')
      const byUrl = {
        ...quiet,
        dataDir: join(scratch, 'no-stores-here'),
        databaseUrl: `postgres://${user}:${password}@127.0.0.1:${port}/bank`,
        clickhouseUrl: server.lake.url.replace('http://', `http://default:${key}@`),
      }
      await restoreBank(folder, byUrl)
      const remote = await openBank(byUrl)
      const back = join(scratch, 'back')
      try {
        expect(await fingerprint(remote.rt)).toEqual(before)
        expect(remote.pids()).toEqual({ postgres: undefined, clickhouse: undefined })
        await takeCopy(remote.rt, back)
        await expect(restoreBank(back, byUrl)).rejects.toMatchObject({ code: 'stores_not_empty' })
      } finally {
        await remote.close()
      }
      const dataDir = join(scratch, 'home-again')
      await restoreBank(back, { ...quiet, dataDir })
      const home = await openBank({ ...quiet, dataDir })
      try {
        expect(await fingerprint(home.rt)).toEqual(before)
      } finally {
        await home.close()
      }
    } finally {
      await server.close()
    }
  })

  test('is refused whole when one byte of it is another', async () => {
    const damaged = join(scratch, 'damaged')
    cpSync(folder, damaged, { recursive: true })
    const file = join(damaged, readManifest(damaged).lake.find(({ name }) => name === 'know.event')!.file)
    truncateSync(file, statSync(file).size - 1)
    appendFileSync(file, 'x')
    const dataDir = join(scratch, 'from-damaged')
    await expect(restoreBank(damaged, { ...quiet, dataDir })).rejects.toMatchObject({ kind: 'conflict' })
    expect(existsSync(dataDir)).toBe(false)
  })

  test('of a newer build is refused by this one, and of an older one is brought to the present form', async () => {
    const manifest = readManifest(folder)
    const write = (to: string, change: Partial<Manifest>) =>
      writeFileSync(join(to, 'manifest.json'), JSON.stringify({ ...manifest, ...change }))
    const other = join(scratch, 'other-build')
    cpSync(folder, other, { recursive: true })
    write(other, {
      migrations: [...manifest.migrations, { store: 'postgres', name: '20990101000000_know_later', digest: '' }],
    })
    await expect(restoreBank(other, { ...quiet, dataDir: join(scratch, 'n') })).rejects.toMatchObject({
      code: 'copy_newer_than_build',
    })
    // What an older build would have written: without the last migration and its table.
    const last = manifest.migrations.filter(({ name }) => name.endsWith('platform_backup'))
    expect(last).toHaveLength(1)
    write(other, {
      migrations: manifest.migrations.filter(({ name }) => !name.endsWith('platform_backup')),
      postgres: manifest.postgres.filter(({ name }) => name !== 'platform.restored'),
    })
    const dataDir = join(scratch, 'of-older')
    await restoreBank(other, { ...quiet, dataDir })
    const now = await openBank({ ...quiet, dataDir })
    try {
      expect(await fingerprint(now.rt)).toEqual(before)
    } finally {
      await now.close()
    }
  })

  test('a folder without a manifest is no copy', async () => {
    await expect(restoreBank(scratch, { ...quiet, dataDir: join(scratch, 'none') })).rejects.toMatchObject({
      code: 'copy_unreadable',
    })
  })
})

describe('a copy taken while the bank works', () => {
  test('shows one moment: whatever the lake shows, PostgreSQL knows', async () => {
    const bank = await testBank()
    try {
      let stop = false
      let written = 0
      // As the outbox works: first committed in PostgreSQL, then shown in the lake.
      const work = async (): Promise<void> => {
        while (!stop) {
          const id = ++written
          await inTransaction(bank.rt.db, async (tx) => {
            await tx`insert into platform.stream (customer_id, version) values (${id}, 1)`
            await tx`insert into platform.outbox (customer_id, version, type, payload) values (${id}, 1, 'test.said', '{}')`
          })
          await bank.rt.lake.command(
            `${EVENT} values (${id}, now64(3), generateUUIDv4(), 1, 'web', '${id}', 't', '{}')`,
          )
        }
      }
      const workers = [work(), work()]
      await new Promise((resolve) => setTimeout(resolve, 400))
      const folder = join(scratch, 'busy')
      await takeCopy(bank.rt, folder)
      stop = true
      await Promise.all(workers)
      const dataDir = join(scratch, 'busy-restored')
      await restoreBank(folder, { ...quiet, dataDir })
      const restored = await openBank({ ...quiet, dataDir })
      try {
        const known = new Set(
          (await restored.rt.db<{ id: number }[]>`select customer_id as id from platform.stream`).map(({ id }) => id),
        )
        const shown = await restored.rt.lake.query<{ id: number }>('select party_id as id from know.event')
        expect(shown.length).toBeGreaterThan(0)
        expect(known.size).toBeLessThan(written)
        expect(shown.filter(({ id }) => !known.has(id))).toEqual([])
      } finally {
        await restored.close()
      }
    } finally {
      await bank.close()
    }
  })
})
