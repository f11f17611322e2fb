import Type from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { conflict } from '#platform/errors'
import { type TestBank, testBank } from '#test/harness'
import { type Actor, buildServer, type Route, route, whenCallerLeaves } from './index.ts'

const clerk: Actor = {
  id: 'clerk',
  kind: 'person',
  name: 'a clerk',
  roles: [],
  permissions: new Set(['know.notes:write']),
  scope: 'all',
}
let effects = 0
/** The routes of failures that went to the log. */
const logged: unknown[] = []

const routes: Route[] = [
  route({
    method: 'POST',
    url: '/notes/:customerId',
    summary: 'Write a note.',
    needs: 'know.notes:write',
    rate: { perMinute: 10_000 },
    idempotent: true,
    params: Type.Object({ customerId: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }),
    query: Type.Object({ loud: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
    body: Type.Object(
      {
        text: Type.String({ maxLength: 20 }),
        on: Type.Optional(Type.String({ format: 'date' })),
        kind: Type.Optional(Type.Union([Type.Literal('call'), Type.Literal('visit')])),
        lines: Type.Optional(Type.Array(Type.Object({ amountMinor: Type.Integer() }, { additionalProperties: false }))),
      },
      { additionalProperties: false },
    ),
    reply: Type.Object({ customerId: Type.Integer(), loud: Type.Boolean(), effect: Type.Integer() }),
    status: 201,
    scope: 'customer',
    handle: ({ params, query }) => ({ customerId: params.customerId, loud: query.loud ?? false, effect: ++effects }),
  }),
  route({
    method: 'GET',
    url: '/open',
    summary: 'Anybody.',
    needs: 'public',
    rate: { perMinute: 3 },
    reply: Type.Unknown(),
    handle: () => ({}),
  }),
  route({
    method: 'GET',
    url: '/mine',
    summary: 'Anybody known.',
    needs: 'signed-in',
    rate: { perMinute: 100 },
    reply: Type.Unknown(),
    handle: () => ({}),
  }),
  route({
    method: 'GET',
    url: '/other',
    summary: 'Others.',
    needs: 'know.other:read',
    rate: { perMinute: 100 },
    reply: Type.Unknown(),
    handle: () => ({}),
  }),
  route({
    method: 'GET',
    url: '/broken',
    summary: 'Fails.',
    needs: 'signed-in',
    rate: { perMinute: 100 },
    reply: Type.Unknown(),
    handle: () => Promise.reject(new Error('secret detail')),
  }),
  route({
    method: 'GET',
    url: '/long',
    summary: 'Goes on until its caller leaves.',
    needs: 'signed-in',
    rate: { perMinute: 100 },
    reply: Type.Unknown(),
    handle: ({ request }) =>
      new Promise((_, reject) => {
        const left = whenCallerLeaves(request)
        left.addEventListener('abort', () => reject(left.reason))
      }),
  }),
  route({
    method: 'GET',
    url: '/busy',
    summary: 'Says no.',
    needs: 'signed-in',
    rate: { perMinute: 100 },
    reply: Type.Unknown(),
    handle: () => Promise.reject(conflict('already_live', { since: 1 }, 'It is live.', 'Copy it.')),
  }),
]

let bank: TestBank
let app: ReturnType<typeof buildServer>
beforeAll(async () => {
  bank = await testBank()
  app = buildServer({
    rt: { ...bank.rt, log: { ...bank.rt.log, error: ({ route }) => void logged.push(route) } },
    routes,
    authenticate: (_rt, request) => (request.headers.authorization === 'clerk' ? clerk : null),
    admit: (_rt, _actor, [customerId]) => {
      if (customerId === 13) throw conflict('not_yours', {}, 'Not yours.')
    },
    checkReplies: true,
  })
})
afterAll(async () => {
  await app.close()
  await bank.close()
})

const post = (
  body: unknown,
  { url = '/notes/5', headers = {} }: { url?: string; headers?: Record<string, string> } = {},
) =>
  app.inject({
    method: 'POST',
    url,
    headers: { authorization: 'clerk', 'content-type': 'application/json', ...headers },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  })
const problemOf = async (body: unknown, options?: Parameters<typeof post>[1]) => {
  const answer = await post(body, options)
  return { status: answer.statusCode, ...answer.json().error }
}

describe('a wrong request is told the place, what was found and what was expected', () => {
  test.each([
    [{ text: 5 }, 'body/text', 'an integer', 'text'],
    [{}, 'body/text', 'nothing', 'a value'],
    [{ text: 'x'.repeat(21) }, 'body/text', 'text of 21 characters', 'text of at most 20 characters'],
    [{ text: 'x', on: '2026-02-30' }, 'body/on', 'text of 10 characters', 'a date such as 2026-03-02'],
    [{ text: 'x', kind: 'fax' }, 'body/kind', 'text of 3 characters', '"call" or "visit"'],
    [
      { text: 'x', lines: [{ amountMinor: 1 }, { amountMinor: 1.5 }] },
      'body/lines/1/amountMinor',
      'a number',
      'an integer',
    ],
    [
      { text: 'x', lines: [{ amountMinor: 2 ** 60 }] },
      'body/lines/0/amountMinor',
      'an integer',
      'a number <= 9007199254740991',
    ],
    [{ text: 'x', colour: 'red' }, 'body/colour', 'a field', 'no such field'],
    [[], 'body', 'a list of 0', 'an object'],
  ])('%j', async (body, at, found, expected) => {
    expect(await problemOf(body)).toMatchObject({
      status: 400,
      kind: 'invalid',
      code: 'request_invalid',
      facts: { at, found, expected },
    })
  })

  test('an address with a wrong number or an unknown question', async () => {
    expect((await problemOf({ text: 'x' }, { url: '/notes/zero' })).facts).toMatchObject({
      at: 'path/customerId',
      expected: 'an integer',
    })
    expect((await problemOf({ text: 'x' }, { url: '/notes/5?loud=perhaps' })).facts).toMatchObject({
      at: 'query/loud',
      expected: 'true or false',
    })
    expect((await problemOf({ text: 'x' }, { url: '/notes/5?quiet=1' })).facts).toMatchObject({
      at: 'query/quiet',
      expected: 'no such field',
    })
    expect((await app.inject({ method: 'GET', url: '/open?%00=1' })).statusCode).toBe(400)
  })

  test('no body, another content type, too large a body', async () => {
    expect(
      (await app.inject({ method: 'POST', url: '/notes/5', headers: { authorization: 'clerk' } })).json().error.facts,
    ).toMatchObject({ at: 'body', found: 'nothing' })
    expect((await problemOf('a=1', { headers: { 'content-type': 'application/x-www-form-urlencoded' } })).code).toBe(
      'body_type_unknown',
    )
    expect((await problemOf({ text: 'x'.repeat(300_000) })).code).toBe('body_too_large')
  })

  test('a good one is answered with what it asked for, and with headers that let nothing be run, framed or kept', async () => {
    const answer = await post({ text: 'x', on: '2024-02-29', kind: 'call' }, { url: '/notes/5?loud=true' })
    expect(answer.statusCode).toBe(201)
    expect(answer.json()).toMatchObject({ customerId: 5, loud: true })
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    })
    expect(answer.headers['x-request-id']).toBeTruthy()
  })
})

describe('who may not call gets no further', () => {
  test('nobody known, and somebody without the permission', async () => {
    expect((await app.inject({ method: 'GET', url: '/mine' })).json().error.kind).toBe('unauthenticated')
    expect(
      (await app.inject({ method: 'GET', url: '/other', headers: { authorization: 'clerk' } })).json().error,
    ).toMatchObject({ kind: 'forbidden', facts: { needs: 'know.other:read' } })
  })
  test('a malformed body from nobody is not even read', async () => {
    expect(
      (
        await app.inject({
          method: 'POST',
          url: '/notes/5',
          headers: { 'content-type': 'application/json' },
          payload: '{',
        })
      ).statusCode,
    ).toBe(401)
  })
  test('a customer out of scope is refused before the handler', async () => {
    const before = effects
    expect((await problemOf({ text: 'x' }, { url: '/notes/13' })).code).toBe('not_yours')
    expect(effects).toBe(before)
  })
  test('an address that guesses keys has to wait, whatever it guesses', async () => {
    const guess = () =>
      app.inject({ method: 'GET', url: '/mine', headers: { authorization: 'guess' }, remoteAddress: '192.0.2.7' })
    const answers = []
    for (let n = 0; n < 620; n++) answers.push((await guess()).statusCode)
    expect([answers[0], answers.at(-1)]).toEqual([401, 429])
    const other = await app.inject({ method: 'GET', url: '/mine', headers: { authorization: 'clerk' } })
    expect(other.statusCode).toBe(200)
  })
  test('too many calls wait as long as Retry-After says', async () => {
    const answers = []
    for (let i = 0; i < 5; i++) answers.push(await app.inject({ method: 'GET', url: '/open' }))
    const last = answers.at(-1)!
    expect(last.statusCode).toBe(429)
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(0)
  })
})

describe('failures have one shape', () => {
  test('a fault of ours says nothing of its inside, and is logged', async () => {
    const answer = await app.inject({ method: 'GET', url: '/broken', headers: { authorization: 'clerk' } })
    expect(answer.statusCode).toBe(500)
    expect(answer.body).not.toContain('secret detail')
    expect(answer.json().error).toMatchObject({
      kind: 'fault',
      code: 'unexpected',
      next: expect.stringContaining('x-request-id'),
    })
    expect(logged).toEqual(['/broken'])
  })
  test('who leaves before the answer has caused none', async () => {
    logged.length = 0
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const leaving = new AbortController()
    const asked = fetch(`${url}/long`, { headers: { authorization: 'clerk' }, signal: leaving.signal })
    setTimeout(() => leaving.abort(), 50)
    await expect(asked).rejects.toThrow()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(logged).toEqual([])
  })
  test('a problem keeps its code, facts and next step', async () => {
    const answer = await app.inject({ method: 'GET', url: '/busy', headers: { authorization: 'clerk' } })
    expect(answer.statusCode).toBe(409)
    expect(answer.json()).toEqual({
      error: { kind: 'conflict', code: 'already_live', message: 'It is live.', facts: { since: 1 }, next: 'Copy it.' },
    })
  })
  test('an unknown address', async () => {
    expect((await app.inject({ method: 'GET', url: '/nowhere' })).json().error).toMatchObject({
      kind: 'not_found',
      code: 'no_such_route',
    })
  })
})

describe('a call sent twice with the same Idempotency-Key has one effect and one answer', () => {
  const headers = { 'idempotency-key': 'key-1' }
  test('the second gets the first answer', async () => {
    const first = await post({ text: 'once' }, { headers })
    const second = await post({ text: 'once' }, { headers })
    expect(second.json()).toEqual(first.json())
    expect(second.headers['idempotency-replayed']).toBe('true')
  })
  test('twenty at the same moment are one', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post({ text: 'race' }, { headers: { 'idempotency-key': 'race' } })),
    )
    expect(new Set(answers.map((answer) => answer.json().effect)).size).toBe(1)
  })
  test('the same key with another body is a mismatch', async () => {
    expect(await problemOf({ text: 'twice' }, { headers })).toMatchObject({ status: 422, kind: 'mismatch' })
  })
  test('the order of fields does not make it another body', async () => {
    const key = { 'idempotency-key': 'order' }
    const first = await post('{"text":"a","kind":"call"}', { headers: key })
    expect((await post('{"kind":"call","text":"a"}', { headers: key })).json()).toEqual(first.json())
  })
  test('a call that failed leaves its key free', async () => {
    expect((await problemOf({ text: 'x' }, { url: '/notes/13', headers: { 'idempotency-key': 'free' } })).status).toBe(
      409,
    )
    expect((await post({ text: 'x' }, { headers: { 'idempotency-key': 'free' } })).statusCode).toBe(201)
  })
})
