/** The server as others meet it: real connections, two processes' worth of servers on one pair of stores, closing in order. */
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routes } from '#app/modules'
import { type Server, startServer } from '#app/server'
import { openapi } from '#platform/http'
import { type TestBank, testBank } from '#test/harness'
import { SMALL_PLAYBOOK } from '#test/small-playbook'
import { createKey, systemActor } from '#trust/access'
import { activateFolder } from '#trust/playbook'

let bank: TestBank
let key: { key: string; keyId: string }
const servers: Server[] = []
const start = async (): Promise<Server> => {
  const server = await startServer(bank.rt, { port: 0 })
  servers.push(server)
  return server
}
beforeAll(async () => {
  bank = await testBank()
  await import('#app/modules').then(({ wire }) => wire())
  await activateFolder(bank.rt, SMALL_PLAYBOOK, systemActor('test'))
  key = await createKey(
    bank.rt,
    { title: 'monitoring', permissions: ['platform.metrics:read', 'platform.jobs:read'] },
    systemActor('test'),
  )
})
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()))
  await bank.close()
})

const get = (server: Server, path: string, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { headers })
const withKey = () => ({ authorization: `Bearer ${key.key}` })

/** What the server answers to bytes as they are. */
const raw = (server: Server, bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    let answer = ''
    socket
      .on('data', (chunk) => (answer += chunk))
      .on('end', () => resolve(answer))
      .on('error', reject)
    setTimeout(() => socket.end(), 500).unref()
  })

describe('a server that runs', () => {
  test('says that it is healthy and ready, and gives its numbers and its reference', async () => {
    const server = await start()
    expect(await (await get(server, '/health')).json()).toEqual({ healthy: true })
    expect(await (await get(server, '/ready')).json()).toMatchObject({
      ready: true,
      stores: [
        { store: 'postgres', ready: true },
        { store: 'clickhouse', ready: true },
      ],
    })
    expect(await (await get(server, '/metrics', withKey())).text()).toContain(
      'clientele_http_requests_total{method="GET",route="/ready",status="200"} 1',
    )
    expect((await get(server, '/metrics')).status).toBe(401)
    expect(await (await get(server, '/api/openapi.json')).json()).toMatchObject({ openapi: '3.1.0' })
  })

  test('answers bytes that are not HTTP, and headers without end, with 400', async () => {
    const server = await start()
    expect(await raw(server, 'GET / HTTP/9.9\r\n\r\n')).toContain('http_malformed')
    expect(await raw(server, `GET /health HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`)).toContain(
      'http_malformed',
    )
    expect(await raw(server, 'GET /%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).toContain('400')
    expect(
      await raw(
        server,
        'POST /api/trust/access/sessions HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n',
      ),
    ).toContain('400')
    expect((await get(server, '/health')).status).toBe(200)
  })
})

describe('two servers on one pair of stores', () => {
  test('a key revoked at one is refused at the other within a second or so', async () => {
    const [one, two] = [await start(), await start()]
    const other = await createKey(bank.rt, { title: 'lost', permissions: ['platform.jobs:read'] }, systemActor('test'))
    const headers = { authorization: `Bearer ${other.key}` }
    expect([
      (await get(one, '/api/platform/jobs', headers)).status,
      (await get(two, '/api/platform/jobs', headers)).status,
    ]).toEqual([200, 200])
    await bank.rt.db`insert into trust.api_key_revocation values (${other.keyId}, now(), 'test', 'lost')`
    await new Promise((resolve) => setTimeout(resolve, 1050))
    expect([
      (await get(one, '/api/platform/jobs', headers)).status,
      (await get(two, '/api/platform/jobs', headers)).status,
    ]).toEqual([401, 401])
  })
})

describe('a server that closes', () => {
  test('lets a request under way finish, takes no new one, and leaves the other serving', async () => {
    const [closing, staying] = [await start(), await start()]
    // A request that waits for a row that a transaction holds.
    await bank.rt
      .db`insert into platform.job (job_id, name, key, payload) values ('00000000-0000-8000-8000-000000000001', 'none', 'k', '{}')`
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const holder = bank.rt.db.begin(async (tx) => {
      await tx`lock table platform.job in access exclusive mode`
      await held
    })
    const underWay = get(closing, '/api/platform/jobs', withKey())
    await new Promise((resolve) => setTimeout(resolve, 100))
    const closed = closing.close()
    await new Promise((resolve) => setTimeout(resolve, 50))
    await expect(get(closing, '/health')).rejects.toThrow()
    expect((await get(staying, '/health')).status).toBe(200)
    release()
    await holder
    expect((await underWay).status).toBe(200)
    await closed
  })
})

describe('the reference', () => {
  test('holds every route with its permission, and every path parameter', () => {
    const document = openapi(routes) as {
      paths: Record<string, Record<string, { 'x-needs': string; parameters?: { in: string; name: string }[] }>>
    }
    for (const route of routes) {
      const path = route.url.replace(/:(\w+)/g, '{$1}')
      const operation = document.paths[path]?.[route.method.toLowerCase()]
      expect(operation?.['x-needs'], route.url).toBe(route.needs)
      const named = [...route.url.matchAll(/:(\w+)/g)].map(([, name]) => name)
      expect(
        (operation?.parameters ?? [])
          .filter((parameter) => parameter.in === 'path')
          .map((parameter) => parameter.name)
          .sort(),
        route.url,
      ).toEqual(named.sort())
    }
  })
})
