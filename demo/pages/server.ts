import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { call, type Door, Refused } from '../answer.ts'
import { showcaseBooks } from '../books.ts'
import type { Bank, Person } from '../model.ts'
import { isCredit, openedBy } from '../night.ts'
import { accountsOf, bookingsOf, newAccount } from './accounts.ts'
import { dayCore } from './core.ts'
import { isWho, WHO, type Who } from './people.ts'
import { tourView } from './tour.ts'
import { SPEEDS, traffic } from './traffic.ts'
import {
  overviewView,
  page,
  plainView,
  plansView,
  preferencesView,
  type Session,
  signInView,
  type View,
} from './views.ts'

export interface PagesOrder {
  /** The bank's own door to Clientele, with its key: it never leaves this process. */
  door: Door
  /** Where a browser finds Clientele and its console. */
  publicUrl: string
  bank: Bank & { size: number }
  now: () => Date
  /** Where the core's files of the day go, and who is told of each delivery; without it the core opens nothing. */
  post?: { folder: string; carry: (name: string) => void }
  /** By which names it is called, beside this machine's own: a name of somebody else's that leads here is refused. */
  hosts?: readonly string[]
}

const COOKIE = 'riverside_session'
const SESSION_HOURS = 8
const SESSIONS_MAX = 10_000
const BOOKINGS_SHOWN = 14
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}
const INSIDE = new Set(['/overview', '/plans', '/preferences'])

const policyOf = (clientele: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' ${clientele}`,
    `connect-src 'self' ${clientele}`,
    "style-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')

/** The demo bank's internet bank and app, as a bank's own server: it knows who has signed in, and holds the key. */
export function buildPages({ door, publicUrl, bank, now, post, hosts = [] }: PagesOrder): FastifyInstance {
  const app = Fastify({ logger: false, bodyLimit: 16 * 1024 })
  const books = showcaseBooks(bank)
  const people = new Map<string, Person>(books.block.persons.map((person) => [person.externalId, person]))
  const sessions = new Map<string, Session & { untilMs: number }>()
  const core = post && dayCore(bank, { ...post, now })
  const live = traffic(door, bank, now, core)
  const place = { clientele: publicUrl }
  app.addHook('onClose', async () => void live.stop())

  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, text, done) =>
    done(null, Object.fromEntries(new URLSearchParams(text as string))),
  )
  const headers = {
    'content-security-policy': policyOf(publicUrl),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    // With none at all a browser says no origin when a form is sent.
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-store',
  }
  const names = new Set(['127.0.0.1', 'localhost', '[::1]', '::1', ...hosts])
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers)
    if (!names.has(request.hostname)) return reply.code(421).type('text/plain').send('The bank has no such address.')
    // A change comes from this bank's own pages or not at all.
    const { origin } = request.headers
    if (
      request.method !== 'GET' &&
      (origin === undefined || !URL.canParse(origin) || new URL(origin).host !== request.host)
    ) {
      return reply.code(403).type('text/plain').send('This call does not come from a page of the bank.')
    }
  })

  const nameOf = (request: FastifyRequest): string | undefined =>
    new RegExp(`(?:^|; )${COOKIE}=([\\w-]{32})(?:;|$)`).exec(request.headers.cookie ?? '')?.[1]
  const sessionOf = (request: FastifyRequest): Session | undefined => {
    const name = nameOf(request)
    const found = name === undefined ? undefined : sessions.get(name)
    return found && found.untilMs > now().getTime() ? found : undefined
  }
  const send = (reply: FastifyReply, text: string): FastifyReply => reply.type('text/html; charset=utf-8').send(text)
  const inside = (
    path: string,
    title: string,
    main: (session: Session, person: Person) => ReturnType<typeof plansView>,
  ) =>
    app.get(path, (request, reply) => {
      const session = sessionOf(request)
      if (!session) return reply.redirect('/', 303)
      const person = people.get(WHO[session.who].id)!
      return send(reply, page(place, { title, session, path, script: 'bank.js', main: main(session, person) }))
    })

  app.get('/', (_request, reply) => send(reply, page(place, { title: 'Sign in', main: signInView() })))
  inside('/overview', 'Overview', (session, person) =>
    overviewView(
      session,
      [...accountsOf(books, person), ...(core?.openedBy(person) ?? []).map(newAccount)],
      bookingsOf(books, person, BOOKINGS_SHOWN),
    ),
  )
  inside('/plans', 'Your plans', () =>
    plansView(new Date(now().getTime() + 330 * 86_400_000).toISOString().slice(0, 10)),
  )
  inside('/preferences', 'Preferences', () => preferencesView())
  app.get('/tour', (_request, reply) =>
    send(reply, page(place, { title: 'Guided tour', script: 'tour.js', main: tourView(publicUrl) })),
  )

  app.post('/sign-in', (request, reply) => {
    const { who, view, to } = (request.body ?? {}) as Record<string, string>
    if (!isWho(who)) return reply.redirect('/', 303)
    for (const [name, { untilMs }] of sessions) if (untilMs <= now().getTime()) sessions.delete(name)
    // Who signs in at a browser ends what was signed in there; too many at once end the oldest, and nobody else's.
    sessions.delete(nameOf(request) ?? '')
    if (sessions.size >= SESSIONS_MAX) sessions.delete(sessions.keys().next().value!)
    const name = randomBytes(24).toString('base64url')
    const untilMs = now().getTime() + SESSION_HOURS * 3_600_000
    sessions.set(name, { who, view: view === 'app' ? 'app' : 'web', untilMs })
    reply.header('set-cookie', `${COOKIE}=${name}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${SESSION_HOURS * 3600}`)
    return reply.redirect(to !== undefined && INSIDE.has(to) ? to : '/overview', 303)
  })
  app.post('/view', (request, reply) => {
    const session = sessionOf(request)
    if (session) session.view = ((request.body ?? {}) as { view?: View }).view === 'app' ? 'app' : 'web'
    return reply.redirect('/overview', 303)
  })
  app.post('/sign-out', (request, reply) => {
    const session = sessionOf(request)
    for (const [name, one] of sessions) if (one === session) sessions.delete(name)
    reply.header('set-cookie', `${COOKIE}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0`)
    return reply.redirect('/', 303)
  })

  app.post('/token', async (request, reply) => {
    const session = sessionOf(request)
    if (!session) return reply.code(401).send({ error: 'nobody has signed in' })
    return tokenFor(door, session.who, session.view, request.headers.origin!)
  })
  // The customer has said yes on this page: what that opens is opened by the core, as at any desk.
  app.post('/opened', (request, reply) => {
    const session = sessionOf(request)
    if (!session) return reply.code(401).send({ error: 'nobody has signed in' })
    const { action } = (request.body ?? {}) as { action?: unknown }
    const asked = typeof action === 'string' ? openedBy(action) : undefined
    // Nobody is granted credit by a page's word: it is asked for, and somebody decides.
    const product = asked !== undefined && isCredit(asked) ? undefined : asked
    const person = people.get(WHO[session.who].id)!
    const held = books.block.holdings.filter(({ owners }) => owners.some((owner) => owner.person === person))
    const opened = product !== undefined && core?.open({ person, product }, held) === true
    if (opened) core.deliver()
    return { opened: opened ? newAccount(product).name : null }
  })
  app.get('/live', () => live.status())
  app.post('/live', (request, reply) => {
    const { speed } = (request.body ?? {}) as { speed?: unknown }
    if (speed === undefined) return live.stop()
    if (!SPEEDS.some(({ times }) => times === Number(speed))) return reply.code(400).send({ error: 'no such speed' })
    return live.start(Number(speed))
  })

  const folder = join(import.meta.dirname, 'public')
  for (const file of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, file))
    app.get(`/assets/${file}`, (_request, reply) =>
      reply
        .header('cache-control', 'no-cache')
        .type(TYPES[extname(file)] ?? 'application/octet-stream')
        .send(bytes),
    )
  }
  app.setNotFoundHandler((_request, reply) =>
    send(
      reply.code(404),
      page(place, { title: 'Not found', main: plainView('There is no such page', 'It may have moved.') }),
    ),
  )
  app.setErrorHandler((error, request, reply) => {
    const { statusCode = 500 } = error as { statusCode?: number }
    if (statusCode < 500) return reply.code(statusCode).send({ error: 'this cannot be understood' })
    const away = error instanceof Refused || (error as Error).name === 'TypeError'
    if (request.headers.accept?.includes('text/html'))
      return send(
        reply.code(500),
        page(place, {
          title: 'Not just now',
          main: plainView('This page cannot be shown just now', 'Nothing of yours is lost. Please try again.'),
        }),
      )
    return reply.code(away ? 502 : 500).send({ error: away ? 'Clientele does not answer' : 'the page failed' })
  })
  return app
}

/** A token for the customer who has signed in, for this page's own origin. */
const tokenFor = (door: Door, who: Who, channel: View, origin: string): Promise<unknown> =>
  call(door, 'POST', '/api/engage/inbound/tokens', {
    customer: { source: 'core_customer', id: WHO[who].id },
    origin,
    channel,
  })
