import { forbidden, isProblem, unauthenticated } from '#platform/errors'
import type { Actor } from '#platform/http'
import type { Runtime } from '#platform/runtime'
import { isRole, permissionsOf } from './roles.ts'
import { scopeOf } from './scope.ts'
import { cookieOf, csrfTokenOf, digestOfSecret, KEY_PATTERN } from './secrets.ts'
import * as store from './store.ts'

export const SESSION_COOKIE = 'clientele_session'
/** For how long what a key or session opens is remembered: the longest a revocation can go unnoticed. */
const REMEMBERED_MS = 1_000
const REMEMBERED_MAX = 10_000

/** What of a request says who asks. */
export interface Asking {
  readonly method: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** The person as who they may act as. Until a password that somebody else has seen is changed, as nothing. */
export const actorOf = (person: store.PersonRow): Actor => {
  const roles = person.roles.filter(isRole)
  return {
    id: person.personId,
    kind: 'person',
    name: person.name,
    roles,
    permissions: person.mustChange ? new Set() : permissionsOf(roles),
    scope: scopeOf(person.units),
    ...(person.customerId === null ? {} : { customerId: person.customerId }),
  }
}

interface Known {
  actor: Actor
  /** What a change from a browser must carry; absent for keys, which no browser sends by itself. */
  csrfToken?: string
}

async function knownByKey(rt: Runtime, key: string): Promise<Known> {
  const row = KEY_PATTERN.test(key) ? await store.keyByDigest(rt.db, digestOfSecret(key)) : undefined
  if (!row)
    throw unauthenticated(
      'key_unknown',
      {},
      'This API key is not known.',
      'Check that it is whole, or ask for a new one.',
    )
  if (row.revokedAt)
    throw unauthenticated(
      'key_revoked',
      { keyId: row.keyId },
      'This API key was revoked.',
      'Ask an administrator for a new one.',
    )
  if (row.expiresAt <= rt.clock.now())
    throw unauthenticated(
      'key_expired',
      { keyId: row.keyId },
      'This API key has expired.',
      'Ask an administrator for a new one.',
    )
  return {
    actor: {
      id: row.keyId,
      kind: 'key',
      name: row.title,
      roles: [],
      permissions: new Set(row.permissions),
      scope: row.scope,
    },
  }
}

async function knownBySession(rt: Runtime, token: string, seen = true): Promise<Known> {
  const digest = digestOfSecret(token)
  const row = await store.sessionOf(rt.db, digest)
  if (!row) throw unauthenticated('session_unknown', {}, 'This session is not known.', 'Sign in.')
  if (row.endedAt || row.closed) throw unauthenticated('session_ended', {}, 'This session has ended.', 'Sign in again.')
  const now = rt.clock.now()
  if (row.expiresAt <= now || now.getTime() - row.seenAt.getTime() >= rt.config.access.sessionIdleMinutes * 60_000)
    throw unauthenticated('session_expired', {}, 'This session has expired.', 'Sign in again.')
  // Once a minute is often enough to know that somebody is there, and spares a write per request.
  if (seen && now.getTime() - row.seenAt.getTime() >= 60_000) await store.seeSession(rt.db, digest, now)
  return { actor: actorOf(row), csrfToken: csrfTokenOf(token) }
}

function checkCsrf({ csrfToken }: Known, asking: Asking): void {
  if (csrfToken === undefined || asking.method === 'GET' || asking.method === 'HEAD') return
  if (asking.headers['x-csrf-token'] !== csrfToken) {
    throw forbidden(
      'csrf_token_wrong',
      {},
      'A change from a browser needs the token that came with the sign-in.',
      'Send it as X-CSRF-Token.',
    )
  }
}

/**
 * Whether who asked once may still be told: their key or session is open and has the permission. Asking does not count
 * as being there, so a screen left open does not keep its session alive.
 */
export async function stillMay(rt: Runtime, { headers }: Asking, permission: string): Promise<boolean> {
  const { authorization, cookie } = headers
  try {
    const { actor } =
      typeof authorization === 'string'
        ? await knownByKey(rt, authorization.slice('Bearer '.length))
        : await knownBySession(
            rt,
            cookieOf(typeof cookie === 'string' ? cookie : undefined, SESSION_COOKIE) ?? '',
            false,
          )
    return actor.permissions.has(permission)
  } catch (error) {
    if (isProblem(error) && error.kind === 'unauthenticated') return false
    throw error
  }
}

/**
 * Who asks, by API key or session cookie; null when the request names nobody. What a key or session opens is looked
 * up at most once a second, so its revocation shows within a second everywhere. `monotonicMs`: milliseconds that only rise.
 */
export function authenticator(
  monotonicMs: () => number,
): (rt: Runtime, asking: Asking) => Actor | null | Promise<Actor | null> {
  const remembered = new Map<string, { known: Known | undefined; arriving: Promise<Known>; untilMs: number }>()
  return (rt, asking) => {
    const { authorization, cookie } = asking.headers
    let name: string
    let find: (rt: Runtime, secret: string) => Promise<Known>
    if (typeof authorization === 'string') {
      if (!authorization.startsWith('Bearer '))
        throw unauthenticated(
          'authorization_unknown',
          {},
          'The Authorization header is not understood.',
          'Send "Authorization: Bearer <API key>".',
        )
      name = authorization.slice(7)
      find = knownByKey
    } else {
      const token = cookieOf(typeof cookie === 'string' ? cookie : undefined, SESSION_COOKIE)
      if (token === undefined || token === '') return null
      name = token
      find = knownBySession
    }
    const nowMs = monotonicMs()
    const before = remembered.get(name)
    if (before !== undefined && before.untilMs > nowMs) {
      if (before.known !== undefined) {
        checkCsrf(before.known, asking)
        return before.known.actor
      }
      return before.arriving.then((known) => {
        checkCsrf(known, asking)
        return known.actor
      })
    }
    if (remembered.size >= REMEMBERED_MAX) remembered.clear()
    const entry = { known: undefined as Known | undefined, arriving: find(rt, name), untilMs: nowMs + REMEMBERED_MS }
    remembered.set(name, entry)
    return entry.arriving.then(
      (known) => {
        entry.known = known
        checkCsrf(known, asking)
        return known.actor
      },
      (error) => {
        // A refusal is not remembered: guesses must not fill the memory.
        remembered.delete(name)
        throw error
      },
    )
  }
}
