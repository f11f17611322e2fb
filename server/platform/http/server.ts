import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import {
  forbidden,
  invalid,
  isProblem,
  notFound,
  STATUS,
  tooMany,
  unauthenticated,
  unavailable,
} from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import { type Actor, ANONYMOUS, callerOf } from './actor.ts'
import { admitOrigin, answerPreflight } from './cross-origin.ts'
import { once } from './idempotency.ts'
import { readJson } from './json.ts'
import { type Pages, sendPage } from './pages.ts'
import { problemFrom } from './problems.ts'
import { type Allowance, allowance } from './rate.ts'
import { type Call, customersOf, type Route } from './route.ts'
import { bounded, type Check, compileCheck } from './validate.ts'

/** Largest request body in bytes unless a route says otherwise. */
export const BODY_BYTES_MAX = 256 * 1024

export interface Served {
  rt: Runtime
  routes: readonly Route[]
  /** Who asks; null when nobody known does. Throws a Problem for a key or session that is expired, revoked or forged. */
  authenticate: (rt: Runtime, request: FastifyRequest) => Actor | null | Promise<Actor | null>
  /** Which customer asks, on routes that need 'customer'; throws a Problem for a token that is none, or not for this page. */
  customer?: (rt: Runtime, request: FastifyRequest) => Promise<Actor>
  /** Origins whose pages may call the routes that need 'customer', e.g. 'https://bank.example'. */
  origins?: readonly string[]
  /** Throws the Problem when one of the customers is not the actor's to see. */
  admit?: (rt: Runtime, actor: Actor, customerIds: readonly number[]) => void | Promise<void>
  /** Told of every answered request: the route's pattern, the status and the seconds it took. */
  observe?: (route: Route) => (status: number, seconds: number) => void
  /** Checks every answer against its schema: on in tests, where a broken promise must fail. */
  checkReplies?: boolean
  /** Whether routes' rates hold; off in tests, whose stories run for years in a second. */
  limitRates?: boolean
  /** Whether to believe X-Forwarded-For: only behind a proxy that sets it. */
  trustProxy?: boolean
  /** A page application: what answers every address outside the API that no route answers. */
  pages?: Pages | undefined
}

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor
    startedMs: number
  }
}

// An API answers data, never a page: nothing in an answer may be run, framed, guessed at or kept.
const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

const REQUEST_ID = /^[\w.-]{1,64}$/
const processPart = randomUUID().slice(0, 8)
let requests = 0
const nextRequestId = (): string => `${processPart}-${(++requests).toString(36)}`

/** Servers that are closing: what still arrives on an open connection is told to come again. */
const closing = new WeakSet<FastifyInstance>()

/** Fires when the server begins to close. */
const endings = new WeakMap<object, AbortSignal>()

/** The server over the routes, not yet listening. */
export function buildServer(served: Served): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    // Slow or endless requests are ended by the server, not by whoever holds the connection.
    requestTimeout: 60_000,
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    http: { maxHeaderSize: 16 * 1024, headersTimeout: 15_000 },
    routerOptions: { maxParamLength: 300 },
    exposeHeadRoutes: false,
    trustProxy: served.trustProxy ?? false,
    // The framework's own answer has another shape than ours: see `closing`.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    genReqId: (raw) => {
      const given = raw.headers['x-request-id']
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : nextRequestId()
    },
    frameworkErrors: (error, request, reply) => void sendProblem(served, error, request, reply as FastifyReply),
    clientErrorHandler(error, socket) {
      if (!socket.writable || (error as NodeJS.ErrnoException).code === 'ECONNRESET') return
      const problem = invalid(
        'http_malformed',
        {},
        'This is not a well-formed HTTP request, or its headers are too large.',
        'Mend the client.',
      )
      const body = JSON.stringify(problem)
      socket.end(
        `HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      )
    },
  })
  const ending = new AbortController()
  endings.set(app, ending.signal)
  app.addHook('preClose', async () => ending.abort())
  app.decorateRequest('actor', null as never)
  app.decorateRequest('startedMs', 0)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    /^application\/(?:[\w.+-]+\+)?json(?:;|$)/,
    { parseAs: 'buffer' },
    (_request, bytes, done) => {
      try {
        done(null, bytes.length === 0 ? undefined : readJson(bytes as Buffer))
      } catch (error) {
        done(error as Error)
      }
    },
  )
  for (const type of new Set(served.routes.flatMap((route) => route.consumes ?? []))) {
    app.addContentTypeParser(type, (_request, payload, done) => done(null, payload))
  }
  app.setErrorHandler((error, request, reply) => sendProblem(served, error, request, reply))
  app.setNotFoundHandler((request, reply) => {
    if (served.pages && sendPage(served.pages, request, reply)) return reply
    return sendProblem(
      served,
      notFound('no_such_route', { method: request.method }, 'There is no such endpoint.', 'See /api/openapi.json.'),
      request,
      reply,
    )
  })
  const refusals = allowance(served.limitRates === false ? Number.MAX_SAFE_INTEGER : GUESSES_PER_MINUTE)
  for (const route of served.routes) mount(app, served, route, refusals)
  mountPreflights(app, served)
  return app
}

function sendProblem(served: Served, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemFrom(error)
  // Whoever left gets no answer; that what they asked for was broken off is no failure.
  if (STATUS[problem.kind] >= 500 && !request.raw.socket.destroyed) {
    const cause = isProblem(error) ? (error.cause ?? error) : error
    served.rt.log.error(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions?.url,
        code: problem.code,
        error: cause,
      },
      'a request failed',
    )
  }
  if (problem.kind === 'too_many' && typeof problem.facts.retryAfterMs === 'number')
    void reply.header('retry-after', Math.ceil(problem.facts.retryAfterMs / 1000))
  if (problem.kind === 'unauthenticated') void reply.header('www-authenticate', 'Bearer')
  return reply
    .headers(SECURITY_HEADERS)
    .header('x-request-id', request.id)
    .type('application/json; charset=utf-8')
    .serializer(String)
    .code(STATUS[problem.kind])
    .send(JSON.stringify(problem))
}

/** A header's text, where a browser had to percent-encode what is not ASCII. */
function readHeaderText(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a percent sign of its own
  }
}

/** Calls with a wrong key or session that one address may make per minute before it has to wait. */
const GUESSES_PER_MINUTE = 600

const tooManyGuesses = () =>
  tooMany(
    'too_many_guesses',
    { retryAfterMs: 1000 },
    'Too many calls with a wrong key or session.',
    'Send the right one, later.',
  )

/** Only what customers' browsers call is answered across origins; elsewhere a preflight finds no such endpoint. */
function mountPreflights(app: FastifyInstance, { routes, origins = [] }: Served): void {
  const byUrl = Map.groupBy(
    routes.filter(({ needs }) => needs === 'customer'),
    ({ url }) => url,
  )
  for (const [url, sameUrl] of byUrl) {
    const methods = sameUrl.map(({ method }) => method)
    app.options(url, (request, reply) => answerPreflight(request, reply, { origins, methods }))
  }
}

function mount(app: FastifyInstance, served: Served, route: Route, refusals: Allowance): void {
  const check = (where: 'body' | 'query' | 'path' | 'reply', schema: unknown): Check | undefined =>
    schema === undefined ? undefined : compileCheck(where, bounded(schema))
  const checkBody = check('body', route.body)
  const checkQuery = check('query', route.query ?? { type: 'object', additionalProperties: false })
  const checkPath = check('path', route.params)
  const checkReply = served.checkReplies && route.produces === undefined ? check('reply', route.reply) : undefined
  const allowed = allowance(route.rate.perMinute)
  const observed = served.observe?.(route)
  const isPublic = route.needs === 'public'
  const isCustomers = route.needs === 'customer'
  const status = route.status ?? 200
  const { rt } = served
  const fullName = `${route.method} ${route.url}`

  const enter = (actor: Actor | null, request: FastifyRequest): void => {
    if (!isPublic) {
      if (actor === null)
        throw unauthenticated(
          'sign_in_needed',
          {},
          'This needs a signed-in person or an API key.',
          'Sign in, or send the key as "Authorization: Bearer …".',
        )
      const reason = request.headers['x-access-reason']
      request.actor = typeof reason === 'string' ? { ...actor, reason: readHeaderText(reason).slice(0, 500) } : actor
      if (route.needs !== 'signed-in' && !isCustomers && !actor.permissions.has(route.needs)) {
        throw forbidden(
          'permission_missing',
          { needs: route.needs },
          `This needs the permission ${route.needs}.`,
          'Ask an administrator for a role that has it.',
        )
      }
    }
    if (served.limitRates === false) return
    const waitMs = allowed.take(isPublic ? request.ip : callerOf(actor!), performance.now())
    if (waitMs > 0)
      throw tooMany(
        'rate_limited',
        { perMinute: route.rate.perMinute, retryAfterMs: waitMs },
        'Too many calls of this endpoint.',
        'Wait as long as Retry-After says.',
      )
  }

  const counted = (error: unknown, request: FastifyRequest): Error => {
    if (isProblem(error) && error.kind === 'unauthenticated') refusals.take(request.ip, request.startedMs)
    return error as Error
  }

  const answer = async (call: Call<unknown, unknown, unknown>): Promise<unknown> => {
    const key = call.request.headers['idempotency-key']
    if (typeof key !== 'string') return route.handle(call)
    const content = { body: call.body, query: call.query, params: call.params }
    const asked = { actorId: callerOf(call.actor), route: fullName, key, content }
    const { answer, again } = await once(rt, asked, (rt) => Promise.resolve(route.handle({ ...call, rt })))
    if (again) call.reply.header('idempotency-replayed', 'true')
    return answer
  }

  app.route({
    method: route.method,
    url: route.url,
    bodyLimit: route.bodyBytesMax ?? BODY_BYTES_MAX,
    onRequest(request, reply, done) {
      request.startedMs = performance.now()
      try {
        if (closing.has(app)) {
          reply.header('connection', 'close')
          throw unavailable('closing', {}, 'This server is closing.', 'Connect again: another one may answer.')
        }
        if (isCustomers) admitOrigin(request, reply, served.origins ?? [])
        if (!isPublic && refusals.waitMs(request.ip, request.startedMs) > 0) throw tooManyGuesses()
        const actor = isPublic ? null : isCustomers ? served.customer!(rt, request) : served.authenticate(rt, request)
        if (actor !== null && 'then' in actor) {
          // `done` stays outside the promise: what it throws is the framework's, not the caller's refusal.
          actor
            .then((actor) => enter(actor, request))
            .then(
              () => done(),
              (error) => done(counted(error, request)),
            )
          return
        }
        enter(actor, request)
      } catch (error) {
        done(counted(error, request))
        return
      }
      done()
    },
    ...(observed
      ? {
          onResponse: (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
            observed(reply.statusCode, (performance.now() - request.startedMs) / 1000)
            done()
          },
        }
      : {}),
    async handler(request, reply) {
      checkPath?.(request.params)
      checkQuery!(request.query)
      checkText(request.url)
      checkBody?.(request.body)
      const call: Call<unknown, unknown, unknown> = {
        rt,
        actor: request.actor ?? ANONYMOUS,
        body: request.body,
        query: request.query,
        params: request.params,
        request,
        reply,
      }
      if (route.scope !== undefined && served.admit !== undefined) {
        const ids = customersOf(route, call)
        if (ids.length > 0) await served.admit(rt, request.actor, ids)
      }
      const found = await (route.idempotent ? answer(call) : route.handle(call))
      if (reply.sent) return reply
      checkReply?.(found)
      reply.headers(SECURITY_HEADERS).header('x-request-id', request.id)
      if (reply.statusCode === 200) reply.code(status)
      if (route.produces !== undefined) return reply.type(route.produces).send(found)
      return reply
        .type('application/json; charset=utf-8')
        .serializer(String)
        .send(JSON.stringify(found ?? null))
    },
  })
}

/** A path or query that decodes to U+0000 can be kept by no store. */
function checkText(url: string): void {
  if (url.includes('%00'))
    throw invalid(
      'request_invalid',
      { at: 'url', found: 'U+0000', expected: 'other characters' },
      'The address holds the character U+0000.',
      'Leave it out.',
    )
}

// One listener per connection, not per request: a connection that is kept alive serves thousands.
const underWay = new WeakMap<object, AbortController>()

/** A signal that fires when the caller goes away before the answer, so that a long count can be stopped. */
export function whenCallerLeaves(request: FastifyRequest): AbortSignal {
  const { socket } = request.raw
  const controller = new AbortController()
  if (!underWay.has(socket)) socket.once('close', () => underWay.get(socket)?.abort())
  underWay.set(socket, controller)
  return controller.signal
}

/** A signal that fires when the server begins to close, so that an answer without an end can end. */
export const whenServerCloses = (request: FastifyRequest): AbortSignal => endings.get(request.server)!

/**
 * Stops taking requests, lets those under way finish for at most `drainMs`, then ends their connections.
 * Requests that arrive meanwhile on an open connection are told 503 and to reconnect.
 */
export async function closeServer(app: FastifyInstance, drainMs = 10_000): Promise<void> {
  closing.add(app)
  const timer = setTimeout(() => app.server.closeAllConnections(), drainMs)
  // A connection kept alive after its last answer would hold the server until the deadline.
  const idle = setInterval(() => app.server.closeIdleConnections(), 50)
  try {
    await app.close()
  } finally {
    clearTimeout(timer)
    clearInterval(idle)
  }
}
