/** The integrator's guide: every example is sent to a real server over the demo bank, and its answer compared. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Server, startServer } from '#app/server'
import { blocksOf, Ids, type Request, requestOf, shownAs } from '#test/guide'
import { csrfTokenOf } from '#trust/access'
import { type Riverside, riverside } from '../scenarios/traps/riverside.ts'

const blocks = blocksOf('integrate.md')
const ids = new Ids()
/** The key and the token of the chapter, by how they begin. */
const secrets = new Map<string, string>()
let bank: Riverside
let server: Server

beforeAll(async () => {
  bank = await riverside()
  server = await startServer(bank.bank.rt, { port: 0, withWorkers: false })
})
afterAll(async () => {
  await server?.close()
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
    ...(body ? { body: ids.into(body) } : {}),
  })
  const answered = (await answer.json()) as Record<string, unknown>
  for (const value of [answered.key, answered.token])
    if (typeof value === 'string') secrets.set(value.startsWith('clk_') ? 'clk_' : 'ct1.', value)
  return { status: answer.status, answered, headers: answer.headers }
}

describe('what the integrator’s guide shows is what the server does', () => {
  for (const [index, block] of blocks.entries()) {
    const [kind, ...options] = block.info.split(' ')
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
