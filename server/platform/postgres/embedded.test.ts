import { spawn, spawnSync } from 'node:child_process'
import { chownSync, cpSync, mkdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPostgres, type Postgres } from '#platform/postgres'
import { identityOf } from '#platform/supervision'
import { eventually, freePort, scratchFolder } from '#test/scratch'
import { binariesFor } from './binaries.ts'
import { runAs } from './run-as.ts'

const log = { info: () => {}, warn: () => {}, error: () => {} }
const small = { sharedBuffersBytes: 32 * 1024 ** 2, log }
const scratch = scratchFolder('postgres')
afterAll(scratch.remove)
const asRoot = process.getuid?.() === 0

describe('PostgreSQL inside a data directory', () => {
  const dataDir = join(scratch.path, 'bank')
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await openPostgres({ ...small, dataDir })
    await postgres.db`create table kept (n int)`
  })
  afterAll(() => postgres.close())

  test('acknowledges nothing that a crash could lose', async () => {
    const found =
      await postgres.db`select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums') order by 1`
    expect(found.map(({ setting }) => setting)).toEqual(['on', 'on', 'on', 'on'])
  })

  test('listens on its socket only, and asks for the key of the data directory', async () => {
    expect((await postgres.db`select current_setting('listen_addresses') as at`)[0]!.at).toBe('')
    expect(statSync(join(dataDir, 'postgres.key')).mode & 0o777).toBe(0o600)
    expect(statSync(join(dataDir, 'postgres')).mode & 0o777).toBe(0o700)
    const { pool } = await import('#platform/postgres')
    const stranger = pool({ ...postgres.connection, password: 'guessed' }, { connectionsMax: 1 })
    await expect(stranger`select 1`).rejects.toMatchObject({ code: '28P01' })
    await stranger.end()
  })

  test('is back within seconds after kill -9, with all that was committed', async () => {
    await postgres.db`insert into kept values (1)`
    const killed = postgres.pid()!
    process.kill(killed, 'SIGKILL')
    const began = performance.now()
    // A connection's own process outlives its postmaster for a moment and may still answer: the new one is awaited.
    const found = await eventually(async () => {
      if (postgres.pid() === undefined || postgres.pid() === killed) throw new Error('not back yet')
      return postgres.db<{ n: number }[]>`select n from kept`
    })
    expect(found).toEqual([{ n: 1 }])
    expect(performance.now() - began).toBeLessThan(30_000)
  })

  test('a statement caught by the crash fails; it is not run twice', async () => {
    const caught = postgres.db`insert into kept select 2 from pg_sleep(0.5)`.catch((error: Error) => error)
    await new Promise((resolve) => setTimeout(resolve, 100))
    process.kill(postgres.pid()!, 'SIGKILL')
    expect(await caught).toBeInstanceOf(Error)
    expect(await eventually(() => postgres.db`select n from kept where n = 2`)).toHaveLength(0)
  })

  test('serves a second server process, and outlives the first', async () => {
    const second = await openPostgres({ ...small, dataDir })
    const pid = postgres.pid()
    expect(second.pid()).toBe(pid)
    await postgres.close()
    expect(await second.db`select n from kept where n = 1`).toHaveLength(1)
    postgres = await openPostgres({ ...small, dataDir })
    await second.close()
    expect(postgres.pid()).toBe(pid)
    expect(await postgres.db`select 1 as one`).toEqual([{ one: 1 }])
  })

  test('ends with its last user, leaving no process', async () => {
    const pid = postgres.pid()!
    await postgres.close()
    expect(identityOf(pid)).toBeUndefined()
    postgres = await openPostgres({ ...small, dataDir })
    expect(await postgres.db`select n from kept`).toHaveLength(1)
  })

  test('a file left by a crash that names some other process does not hold up the start', async () => {
    await postgres.close()
    const file = join(dataDir, 'postgres', 'postmaster.pid')
    writeFileSync(file, `${process.pid}\n/proc/self/cwd\n1\n5432\n.\n\n  1 2\nready   \n`)
    postgres = await openPostgres({ ...small, dataDir })
    expect(postgres.pid()).not.toBe(process.pid)
  })

  test('two that start a new data directory together make one database', async () => {
    const shared = join(scratch.path, 'together')
    const [one, other] = await Promise.all([
      openPostgres({ ...small, dataDir: shared }),
      openPostgres({ ...small, dataDir: shared }),
    ])
    expect(one.pid()).toBe(other.pid())
    await Promise.all([one.close(), other.close()])
  })

  test('files of another major version are refused with what to do', async () => {
    const older = join(scratch.path, 'older')
    mkdirSync(join(older, 'postgres'), { recursive: true })
    writeFileSync(join(older, 'postgres', 'PG_VERSION'), '16\n')
    await expect(openPostgres({ ...small, dataDir: older })).rejects.toMatchObject({
      code: 'postgres_of_another_version',
      facts: { found: '16', expected: '18' },
    })
  })

  test('a path longer than the kernel takes for a socket works too', async () => {
    const long = join(scratch.path, 'x'.repeat(60), 'y'.repeat(60))
    const opened = await openPostgres({ ...small, dataDir: long })
    expect(await opened.db`select 1 as one`).toEqual([{ one: 1 }])
    await opened.close()
  })
})

describe('a server process that is killed', () => {
  test('leaves a database that the next start joins, with all that was committed', async () => {
    const dataDir = join(scratch.path, 'orphaned')
    const script = `
      import { openPostgres } from '#platform/postgres'
      const postgres = await openPostgres({ dataDir: ${JSON.stringify(dataDir)}, sharedBuffersBytes: 33554432, log: { info() {}, warn() {}, error() {} } })
      await postgres.db\`create table said (what text)\`
      await postgres.db\`insert into said values ('acknowledged')\`
      console.log('ready')
      setInterval(() => {}, 1000)`
    const server = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise<void>((resolve) => server.stdout.once('data', () => resolve()))
    server.kill('SIGKILL')
    const began = performance.now()
    const next = await openPostgres({ ...small, dataDir })
    expect(await next.db`select what from said`).toEqual([{ what: 'acknowledged' }])
    expect(performance.now() - began).toBeLessThan(30_000)
    const pid = next.pid()!
    await next.close()
    expect(identityOf(pid)).toBeUndefined()
  })
})

describe('PostgreSQL by URL', () => {
  test('is used by the same code, over TCP', async () => {
    const port = await freePort()
    const server = await openPostgres({ ...small, dataDir: join(scratch.path, 'server'), port })
    const { user, password, database } = server.connection
    const url = `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
    const client = await openPostgres({ ...small, dataDir: join(scratch.path, 'unused'), url })
    expect(client.pid()).toBeUndefined()
    expect((await client.db`select inet_server_port() as port`)[0]!.port).toBe(port)
    await client.close()
    // A client that leaves does not end a server that is not its own.
    expect(await server.db`select 1 as one`).toHaveLength(1)
    await server.close()
  })

  test.each(['fsync', 'full_page_writes', 'synchronous_commit'])('with %s off it is refused', async (setting) => {
    const port = await freePort()
    const dataDir = join(scratch.path, 'unsafe')
    const server = await openPostgres({ ...small, dataDir, port })
    const { user, password, database } = server.connection
    const url = `postgres://${user}:${password}@127.0.0.1:${port}/${database}`
    try {
      await server.db.unsafe(`alter system set ${setting} = off`)
      await server.db`select pg_reload_conf()`
      await eventually(async () => (await server.db`select current_setting(${setting}) as v`)[0]!.v === 'off')
      await expect(openPostgres({ ...small, dataDir, url })).rejects.toMatchObject({
        code: 'postgres_unsafe',
        facts: { off: [setting] },
      })
    } finally {
      await server.db.unsafe(`alter system reset ${setting}`)
      await server.close()
    }
  })

  test.each([
    ['postgres://host', 'the name of a database'],
    ['nonsense', 'postgres://user:password@host:port/database'],
    ['postgres://host/db?sslmode=maybe', 'sslmode'],
  ])('%s is refused, saying what was expected', async (url, expected) => {
    await expect(openPostgres({ ...small, dataDir: scratch.path, url })).rejects.toMatchObject({
      code: 'database_url_invalid',
      facts: { expected: expect.stringContaining(expected) },
    })
  })
})

describe.runIf(asRoot)('as root', () => {
  test('PostgreSQL runs as another account, in a folder which that account could not walk to', async () => {
    const closed = join(scratch.path, 'closed')
    mkdirSync(closed, { mode: 0o700 })
    const postgres = await openPostgres({ ...small, dataDir: join(closed, 'bank') })
    const status = readFileSync(`/proc/${postgres.pid()}/status`, 'utf8')
    expect(status).not.toMatch(/^Uid:\s+0\b/m)
    expect(readlinkSync(`/proc/${postgres.pid()}/cwd`)).toBe(join(closed, 'bank', 'postgres'))
    expect(await postgres.db`select 1 as one`).toHaveLength(1)
    await postgres.close()
  })

  test('the account is the owner of the files, else the first of three that the machine has', () => {
    const passwd = join(scratch.path, 'passwd')
    const none = join(scratch.path, 'nothing-here')
    writeFileSync(
      passwd,
      'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\nother:x:777:778::/:/bin/false\n',
    )
    expect(runAs(none, passwd)).toEqual({ name: 'nobody', ids: { uid: 65534, gid: 65534 } })
    const owned = join(scratch.path, 'owned')
    mkdirSync(owned)
    chownSync(owned, 777, 778)
    expect(runAs(owned, passwd)).toEqual({ name: 'other', ids: { uid: 777, gid: 778 } })
    writeFileSync(passwd, 'root:x:0:0::/root:/bin/sh\n')
    expect(() => runAs(none, passwd)).toThrow(expect.objectContaining({ code: 'postgres_needs_an_account' }))
  })

  test('programs in a clone which that account cannot enter are copied to where it can, once', () => {
    const as = runAs(join(scratch.path, 'nothing-here'))
    const own = binariesFor(as)
    const closed = join(scratch.path, 'root-only')
    mkdirSync(closed, { mode: 0o700 })
    // A copy made under a closed umask has to be as open as one made under any other.
    const umask = process.umask(0o077)
    cpSync(own.folder, join(closed, 'native'), { recursive: true, verbatimSymlinks: true })
    const version = `${own.version}-test-${process.pid}`
    const hidden = {
      folder: join(closed, 'native'),
      postgres: join(closed, 'native/bin/postgres'),
      initdb: join(closed, 'native/bin/initdb'),
      version,
    }
    const found = binariesFor(as, hidden)
    try {
      expect(found.folder).not.toBe(hidden.folder)
      expect(spawnSync(found.postgres, ['--version'], { ...as.ids, cwd: '/', encoding: 'utf8' }).stdout).toContain(
        'PostgreSQL',
      )
      expect(statSync(found.folder).uid).toBe(0)
      expect(binariesFor(as, hidden).folder).toBe(found.folder)
    } finally {
      process.umask(umask)
      if (found.folder.includes(version)) rmSync(found.folder, { recursive: true })
    }
    expect(dirname(found.folder)).toMatch(/clientele/)
  })
})
