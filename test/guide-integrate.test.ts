/** The integrator's guide: every example is sent to a real server over the demo bank, and its answer compared. */
import { createServer, type Server as HttpServer, type IncomingHttpHeaders } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Server, startServer } from '#app/server'
import { type Block, blocksOf, Ids, type Request, requestOf, shownAs } from '#test/guide'
import { eventually } from '#test/scratch'
import { csrfTokenOf } from '#trust/access'
import { type Riverside, riverside } from '../scenarios/traps/riverside.ts'

const blocks = blocksOf('integrate.md')
const ids = new Ids()
/** The key and the token of the chapter, by how they begin. */
const secrets = new Map<string, string>()
const RECEIVER = 'https://events.bank.example'
let bank: Riverside
let server: Server
let receiver: HttpServer
let receiverUrl: string
const received: { path: string; headers: IncomingHttpHeaders; body: string }[] = []

beforeAll(async () => {
  bank = await riverside()
  // The chapter's receiver stands on this machine, which only a setting allows.
  const { rt } = bank.bank
  const config = { ...rt.config, webhooks: { ...rt.config.webhooks, localAllowed: true } }
  server = await startServer({ ...rt, config }, { port: 0 })
  receiver = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      received.push({ path: request.url!, headers: request.headers, body: Buffer.concat(pieces).toString() })
      response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  receiverUrl = `http://127.0.0.1:${(receiver.address() as { port: number }).port}`
})
afterAll(async () => {
  await server?.close()
  receiver?.close()
  await bank?.close()
})

async function sent({ method, path, headers, body }: Request, person: string | undefined) {
  const given: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers))
    given[name] = value.replace(/(clk_|ct1\.)…/, (_whole, begins) => secrets.get(begins) ?? '')
  if (person) {
    const session = await bank.http.tokenOf(person)
    given.cookie = `clientele_session=${session}`
    given['x-csrf-token'] = csrfTokenOf(session)
  }
  const answer = await fetch(server.url + ids.into(path), {
    method,
    headers: given,
    ...(body ? { body: ids.into(body).replace(RECEIVER, receiverUrl) } : {}),
  })
  const answered = (await answer.json()) as Record<string, unknown>
  for (const value of [answered.key, answered.token, answered.secret]) {
    const begins = ['clk_', 'ct1.', 'whsec_'].find((begins) => String(value).startsWith(begins))
    if (begins) secrets.set(begins, String(value))
  }
  return { status: answer.status, answered, headers: answer.headers }
}

/** A webhook's request is as the chapter shows it, and the chapter's own code says that it is genuine. */
async function receives({ text }: Block): Promise<void> {
  const shown = requestOf(text)
  const expected = JSON.parse(shown.body) as { type: string; data: object }
  // The chapter changes one consent back and forth: of events of a type, the one with what it shows.
  const isShown = ({ type, data }: { type: string; data: object }) =>
    type === expected.type && isDeepStrictEqual(data, expected.data)
  const got = (await eventually(() => received.find(({ body }) => isShown(JSON.parse(body)))))!
  if (process.env.GUIDE_SHOW) console.log(got.path, JSON.stringify(got.headers, null, 1), got.body)
  expect(got.path).toBe(shown.path)
  for (const [name, value] of Object.entries(shown.headers))
    expect(ids.back(value, String(got.headers[name]))).toBe(value)
  expect(shownAs(expected, JSON.parse(got.body), ids)).toEqual(expected)

  const code = blocks.find(({ info }) => info === 'js')!.text
  const { isGenuine } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    isGenuine(secret: string, headers: IncomingHttpHeaders, body: string, nowSeconds?: number): boolean
  }
  const secret = secrets.get('whsec_')!
  const now = bank.bank.clock.now().getTime() / 1000
  expect(isGenuine(secret, got.headers, got.body, now)).toBe(true)
  expect(isGenuine(secret, got.headers, `${got.body} `, now)).toBe(false)
  expect(isGenuine(`${secret}x`, got.headers, got.body, now)).toBe(false)
  expect(isGenuine(secret, got.headers, got.body, now + 301)).toBe(false)
}

// GUIDE_SHOW=1 prints what was answered: for whoever writes an example.
describe('what the integrator’s guide shows is what the server does', () => {
  for (const [index, block] of blocks.entries()) {
    const [kind, ...options] = block.info.split(' ')
    if (options[0] === 'received') {
      test(`line ${block.line}: what the bank's system receives`, () => receives(block))
      continue
    }
    if (kind !== 'http') continue
    const option = (name: string): string | undefined =>
      options.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1)
    const request = requestOf(block.text)
    test(`line ${block.line}: ${request.method} ${request.path}`, async () => {
      const shown = blocks[index + 1]!
      expect(shown.info).toMatch(/^json \d{3}$/)
      const status = Number(shown.info.slice(5))
      let got = await sent(request, option('as'))
      for (let calls = 1; option('until') && got.status !== status && calls < 200; calls++)
        got = await sent(request, option('as'))
      if (process.env.GUIDE_SHOW) console.log(block.line, got.status, JSON.stringify(got.answered, null, 1))
      const expected: unknown = JSON.parse(shown.text)
      expect({ status: got.status, answered: shownAs(expected, got.answered, ids) }).toEqual({
        status,
        answered: expected,
      })
      if (status === 429) expect(Number(got.headers.get('retry-after'))).toBeGreaterThan(0)
    })
  }
})
