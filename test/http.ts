/**
 * The whole server over a test bank, called as people and systems call it: through its routes, with sessions, keys and
 * CSRF tokens, every answer checked against its schema.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { subscriptions } from '#app/modules'
import { buildApp } from '#app/server'
import type { Pages } from '#platform/http'
import { drain } from '#platform/outbox'
import type { TestBank } from '#test/harness'
import { ALL_PERMISSIONS, createKey, csrfTokenOf, type Role, systemActor, type Unit } from '#trust/access'

/** Somebody in each role, by login. Otto is a second customer strategist, for what takes two. */
export const PEOPLE = {
  sofia: 'customer_strategist',
  otto: 'customer_strategist',
  mina: 'segment_manager',
  carlos: 'campaign_manager',
  riya: 'relationship_manager',
  arthur: 'contact_centre_agent',
  petra: 'product_owner',
  devi: 'data_scientist',
  bertil: 'board_member',
  dora: 'data_protection_officer',
  dag: 'duty_manager',
  dunja: 'duty_manager',
  ada: 'administrator',
} as const satisfies Record<string, Role>
export type Login = keyof typeof PEOPLE

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test reads the answer of any route.
  body: any
  headers: Record<string, unknown>
}

export interface CallOptions {
  body?: unknown
  query?: Record<string, string | number | boolean>
  /** A person by login, or an API key. Without it: nobody. */
  as?: Login | (string & {})
  headers?: Record<string, string>
}

export interface TestHttp {
  readonly app: FastifyInstance
  /** A key that may do everything a key may, bank-wide: the bank's own systems. */
  readonly key: string
  call(method: string, url: string, options?: CallOptions): Promise<Answer>
  /** Adds a person, or gives a person of PEOPLE other units or a record of their own, before their first call. */
  person(login: string, options: { role: Role; units?: Unit[]; customerId?: number; name?: string }): Promise<string>
  /** The session of somebody of PEOPLE or added by `person`: what a browser's cookie holds. */
  tokenOf(login: string): Promise<string>
  keyWith(permissions: string[], scope?: 'all' | { branches?: string[] }): Promise<string>
  /** Delivers every message that is on its way. */
  drain(): Promise<void>
  close(): Promise<void>
}

const digest = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** The beginning of an answer without an end, or the whole of a refusal. */
async function begun(app: FastifyInstance, asked: InjectOptions): Promise<Answer> {
  const answer = await app.inject({ ...asked, payloadAsStream: true })
  const { statusCode: status, headers } = answer
  if (status === 200) {
    answer.stream().destroy()
    return { status, body: undefined, headers }
  }
  const text = await answer.stream().reduce((all: string, piece: Buffer) => all + piece.toString(), '')
  return { status, body: JSON.parse(text), headers }
}

/** `pages`: the console, for tests in a browser. `checksReplies`: off where the server is measured. */
export async function testHttp(
  bank: Pick<TestBank, 'rt'>,
  { pages, checksReplies = true }: { pages?: Pages; checksReplies?: boolean } = {},
): Promise<TestHttp> {
  const { rt } = bank
  const app = buildApp(rt, { checkReplies: checksReplies, limitRates: false, pages })
  await app.ready()
  const sessions = new Map<string, string>()
  const actor = systemActor('test')
  const keyPermissions = [...ALL_PERMISSIONS].filter((permission) => permission !== 'trust.access:manage')

  // Straight to a session: a password costs argon2id, which only the tests of signing in need.
  const person: TestHttp['person'] = async (
    login,
    { role, units = [{ kind: 'bank', code: '*' }], customerId, name = login },
  ) => {
    const [personId, token, at] = [rt.ids.next(), randomBytes(24).toString('hex'), rt.clock.now()]
    await rt.db`insert into trust.person (person_id, login, name, customer_id, created_at, created_by)
                values (${personId}, ${login}, ${name}, ${customerId ?? null}, ${at}, 'test')`
    await rt.db`insert into trust.person_role (person_id, role, granted_at, granted_by) values (${personId}, ${role}, ${at}, 'test')`
    for (const { kind, code } of units) {
      await rt.db`insert into trust.person_scope (person_id, kind, code, granted_at, granted_by)
                  values (${personId}, ${kind}, ${code}, ${at}, 'test')`
    }
    // A story may run for years of the fake clock, so the session does not end by itself.
    const never = new Date('9000-01-01T00:00:00Z')
    await rt.db`insert into trust.session (session_digest, person_id, begun_at, seen_at, expires_at)
                values (${digest(token)}, ${personId}, ${at}, ${never}, ${never})`
    sessions.set(login, token)
    return personId
  }

  const { key } = await createKey(rt, { title: "the bank's systems", permissions: keyPermissions, days: 730 }, actor)
  const known = async (login: string): Promise<void> => {
    if (login in PEOPLE && !sessions.has(login)) await person(login, { role: PEOPLE[login as Login] })
  }
  return {
    app,
    key,
    person,
    async tokenOf(login) {
      await known(login)
      const token = sessions.get(login)
      if (token === undefined) throw new Error(`nobody is called ${login}: add them with person()`)
      return token
    },
    async call(method, url, { body, query, as, headers = {} } = {}) {
      const sent: Record<string, string> = { ...headers }
      if (as !== undefined) await known(as)
      const token = as === undefined ? undefined : sessions.get(as)
      if (token !== undefined) {
        sent.cookie = `clientele_session=${token}`
        sent['x-csrf-token'] = csrfTokenOf(token)
      } else if (as !== undefined) sent.authorization = `Bearer ${as}`
      const asked = {
        method: method as 'GET',
        url,
        headers: {
          ...(body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }),
          ...sent,
        },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
        ...(query === undefined
          ? {}
          : { query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])) }),
      }
      if (/\/stream(\?|$)/.test(url)) return begun(app, asked)
      const answer = await app.inject(asked)
      const isJson = String(answer.headers['content-type']).startsWith('application/json')
      return { status: answer.statusCode, body: isJson ? answer.json() : answer.body, headers: answer.headers }
    },
    keyWith: async (permissions, scope = 'all') =>
      (await createKey(rt, { title: 'a system', permissions, scope }, actor)).key,
    drain: () => drain(rt, subscriptions),
    close: () => app.close(),
  }
}
