import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildServer, NONCE_MARK, readPages } from '#platform/http'
import type { Runtime } from '#platform/runtime'
import { scratchFolder } from '#test/scratch'

describe('a page application beside the API', () => {
  const scratch = scratchFolder('pages')
  const script = 'console.log("hello")\n'.repeat(100)
  let app: FastifyInstance
  beforeAll(async () => {
    mkdirSync(join(scratch.path, 'assets'))
    writeFileSync(join(scratch.path, 'index.html'), `<meta nonce="${NONCE_MARK}"><style nonce="${NONCE_MARK}"></style>`)
    writeFileSync(join(scratch.path, 'assets/app-1a2b.js'), script)
    writeFileSync(join(scratch.path, 'assets/app-1a2b.js.br'), brotliCompressSync(script))
    writeFileSync(join(scratch.path, 'assets/app-1a2b.js.gz'), gzipSync(script))
    app = buildServer({
      rt: { log: { info() {}, warn() {}, error() {} } } as unknown as Runtime,
      routes: [],
      authenticate: () => null,
      pages: readPages(scratch.path),
    })
    await app.ready()
  })
  afterAll(async () => {
    await app.close()
    scratch.remove()
  })
  const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' | 'POST' = 'GET') =>
    app.inject({ method, url, headers })

  test.each(['/', '/know/customers/17?channel=app', '/index.html', '/a/b/c'])(
    '%s is the page itself, never kept',
    async (url) => {
      const { statusCode, headers } = await get(url === '/index.html' ? '/' : url)
      expect(statusCode).toBe(200)
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      })
    },
  )

  test('its policy allows no script but the server’s own, no frame around it, and a nonce that no answer has twice', async () => {
    const [first, second] = [await get('/'), await get('/')]
    const policy = String(first.headers['content-security-policy'])
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    const nonce = /'nonce-([^']+)'/.exec(policy)![1]!
    expect(first.body).toBe(`<meta nonce="${nonce}"><style nonce="${nonce}"></style>`)
    expect(second.body).not.toContain(nonce)
  })

  test('a file whose name holds its hash is kept for ever, and comes in the smallest form that the browser takes', async () => {
    const kept = 'public, max-age=31536000, immutable'
    const br = await get('/assets/app-1a2b.js', { 'accept-encoding': 'gzip, deflate, br' })
    expect(br.headers).toMatchObject({ 'content-encoding': 'br', 'cache-control': kept, vary: 'accept-encoding' })
    expect(br.rawPayload.length).toBeLessThan(script.length)
    expect((await get('/assets/app-1a2b.js', { 'accept-encoding': 'gzip, br;q=0' })).headers['content-encoding']).toBe(
      'gzip',
    )
    const plain = await get('/assets/app-1a2b.js')
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(plain.body).toBe(script)
  })

  test.each([
    ['GET', '/api/no-such-endpoint'],
    ['GET', '/api'],
    ['GET', '/assets/app-0000.js'],
    ['GET', '/assets/../../package.json'],
    ['GET', '/etc/passwd.txt'],
    ['POST', '/know/customers'],
  ] as const)('%s %s is told as before that it is not there', async (method, url) => {
    const { statusCode, headers } = await get(url, {}, method)
    expect(statusCode).toBe(404)
    expect(headers['content-type']).toContain('application/json')
  })
})
