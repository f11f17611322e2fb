import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { conflict, forbidden, invalid, isProblem, notFound, unauthenticated, unavailable } from '#platform/errors'
import type { Actor } from '#platform/http'
import { type Runtime, transaction } from '#platform/runtime'
import { record } from '#trust/audit'
import { actorOf } from './authenticate.ts'
import type { NewKey, NewPerson } from './contract.ts'
import { pauseAfter, refusePassword } from './lockout.ts'
import { authorizationUrl, discover, type Identity, identityFrom, meaningOf, type Provider } from './outside.ts'
import { ALL_PERMISSIONS } from './roles.ts'
import { checkRoles, checkUnits, notOneself, refuseKey } from './rules.ts'
import type { Unit } from './scope.ts'
import { base32, csrfTokenOf, digestOfSecret } from './secrets.ts'
import * as store from './store.ts'

export { type Actor, may, type Scope } from '#platform/http'
export { authenticator, SESSION_COOKIE, stillMay } from './authenticate.ts'
export { type Provider, readGroups } from './outside.ts'
export { ALL_PERMISSIONS, isRole, PERMISSIONS, permissionsOf, ROLES, type Role } from './roles.ts'
export { routes } from './routes.ts'
export { inScope, type Unit, type Units } from './scope.ts'
export { mustSee, registerSeals, registerUnits, seal, sealedAmong, sealedFrom, sealsOf, unseal } from './seals.ts'
export { cookieOf, csrfTokenOf } from './secrets.ts'
export type { KeyRow, PersonRow } from './store.ts'

/** The bank's own machinery: a scheduled run, an import, a command. It may do everything, and is named in the audit. */
export const systemActor = (name: string): Actor => ({
  id: `system:${name}`,
  kind: 'system',
  name,
  roles: [],
  permissions: ALL_PERMISSIONS,
  scope: 'all',
})

const newSecret = (bytes = 20): string => base32(randomBytes(bytes))

// OWASP's second recommendation for argon2id: 19 MiB, 2 passes, 1 lane; the algorithm (2) is argon2id.
const ARGON2 = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }
let nobodysHash: Promise<string> | undefined

/** A digest of the login stands for it where it need not be known: in the count of failures. */
const loginDigest = (login: string): string => digestOfSecret(`login ${login}`)

async function personOrThrow(rt: Runtime, personId: string): Promise<store.PersonRow> {
  const person = await store.personById(rt.db, personId)
  if (!person) throw notFound('no_such_person', { personId }, 'There is no such person.')
  return person
}

/** Lets a person of the bank in, with a password that is shown once and opens nothing but its own change. */
export const createPerson = (
  rt: Runtime,
  person: NewPerson,
  actor: Actor,
): Promise<{ personId: string; oneTimePassword: string }> =>
  transaction(rt, async (rt) => {
    checkRoles(person.roles)
    checkUnits(person.units)
    const { login, name, customerId } = person
    const [personId, at, oneTimePassword] = [rt.ids.next(), rt.clock.now(), newSecret(15)]
    if (!(await store.addPerson(rt.db, { personId, login, name, customerId: customerId ?? null, at, by: actor.id }))) {
      throw conflict('login_taken', {}, 'Somebody has this login already.', 'Choose another.')
    }
    await store.replaceRoles(rt.db, personId, person.roles, at, actor.id)
    await store.replaceUnits(rt.db, personId, person.units, at, actor.id)
    await store.setPassword(rt.db, personId, await hash(oneTimePassword, ARGON2), true, at)
    await record(rt, {
      actor,
      action: 'trust.access:person_created',
      subject: personId,
      facts: { roles: person.roles },
    })
    return { personId, oneTimePassword }
  })

/** On a bank without people: the first administrator, whose one-time password is returned once. Otherwise undefined. */
export const createFirstAdministrator = (
  rt: Runtime,
): Promise<{ login: string; oneTimePassword: string } | undefined> =>
  transaction(rt, async (rt) => {
    if ((await store.countPeople(rt.db)) > 0) return undefined
    const person: NewPerson = { login: 'administrator', name: 'Administrator', roles: ['administrator'], units: [] }
    try {
      const { oneTimePassword } = await createPerson(rt, person, systemActor('first-start'))
      return { login: person.login, oneTimePassword }
    } catch (error) {
      // Another server of the same bank was first.
      if (isProblem(error) && error.code === 'login_taken') return undefined
      throw error
    }
  })

export const listPeople = (rt: Runtime): Promise<store.PersonRow[]> => store.people(rt.db)

/** Sets what a person may do; shows on every server within a second. */
export const setRoles = (rt: Runtime, personId: string, roles: readonly string[], actor: Actor): Promise<void> =>
  transaction(rt, async (rt) => {
    notOneself(actor, personId)
    checkRoles(roles)
    const before = await personOrThrow(rt, personId)
    await store.replaceRoles(rt.db, personId, roles, rt.clock.now(), actor.id)
    await record(rt, {
      actor,
      action: 'trust.access:roles_set',
      subject: personId,
      facts: { before: before.roles, after: roles },
    })
  })

/** Sets which customers a person answers for. */
export const setUnits = (rt: Runtime, personId: string, units: readonly Unit[], actor: Actor): Promise<void> =>
  transaction(rt, async (rt) => {
    notOneself(actor, personId)
    checkUnits(units)
    const before = await personOrThrow(rt, personId)
    await store.replaceUnits(rt.db, personId, units, rt.clock.now(), actor.id)
    await record(rt, {
      actor,
      action: 'trust.access:units_set',
      subject: personId,
      facts: { before: before.units, after: units },
    })
  })

/** Closes a person's access for good and ends their sessions. */
export const closePerson = (rt: Runtime, personId: string, reason: string, actor: Actor): Promise<void> =>
  transaction(rt, async (rt) => {
    notOneself(actor, personId)
    await personOrThrow(rt, personId)
    const at = rt.clock.now()
    await store.closePerson(rt.db, personId, at, actor.id, reason)
    await store.endSessionsOf(rt.db, personId, at, 'person closed')
    await record(rt, { actor, action: 'trust.access:person_closed', subject: personId, reason })
  })

/** Gives a person who has lost their password a new one-time password, and ends their sessions. */
export const resetPassword = (
  rt: Runtime,
  personId: string,
  actor: Actor,
): Promise<{ personId: string; oneTimePassword: string }> =>
  transaction(rt, async (rt) => {
    notOneself(actor, personId)
    const person = await personOrThrow(rt, personId)
    const [at, oneTimePassword] = [rt.clock.now(), newSecret(15)]
    await store.setPassword(rt.db, personId, await hash(oneTimePassword, ARGON2), true, at)
    await store.endSessionsOf(rt.db, personId, at, 'password reset')
    await store.clearFailures(rt.db, loginDigest(person.login))
    await record(rt, { actor, action: 'trust.access:password_reset', subject: personId })
    return { personId, oneTimePassword }
  })

export interface Session {
  actor: Actor
  /** The secret of the cookie. */
  token: string
  csrfToken: string
  mustChangePassword: boolean
}

async function beginSession(rt: Runtime, person: store.PersonRow, how: string): Promise<Session> {
  const [token, at] = [newSecret(32), rt.clock.now()]
  await store.addSession(rt.db, {
    digest: digestOfSecret(token),
    personId: person.personId,
    at,
    expiresAt: new Date(at.getTime() + rt.config.access.sessionHours * 3_600_000),
  })
  await record(rt, { actor: { id: person.personId, kind: 'person' }, action: 'trust.access:signed_in', facts: { how } })
  return { actor: actorOf(person), token, csrfToken: csrfTokenOf(token), mustChangePassword: person.mustChange }
}

const refused = () =>
  unauthenticated(
    'sign_in_refused',
    {},
    'The login or the password is not right, or there were too many tries.',
    'Try again later, or ask an administrator for a new password.',
  )

/**
 * Signs a person in by password. Whoever is unknown, closed, locked out or wrong gets the same answer after the same
 * work, so that nothing can be learned from it.
 */
export async function signIn(
  rt: Runtime,
  { login: given, password }: { login: string; password: string },
): Promise<Session> {
  const login = given.trim().toLowerCase()
  const digest = loginDigest(login)
  // The failure is counted before the password is looked at: guesses made at once cannot pass between look and count.
  const locked = await transaction(rt, async ({ db, clock }) => {
    const now = clock.now()
    const { failures, lockedUntil } = await store.lockFailures(db, digest, now)
    if (lockedUntil !== null && lockedUntil > now) return true
    const pauseMs = pauseAfter(failures + 1)
    await store.setFailures(db, digest, failures + 1, pauseMs > 0 ? new Date(now.getTime() + pauseMs) : null, now)
    return false
  })
  const person = await store.personByLogin(rt.db, login)
  nobodysHash ??= hash(newSecret(), ARGON2)
  const right = await verify(person?.hash ?? (await nobodysHash), password)
  if (locked || !right || !person?.hash || person.closed) {
    await record(rt, {
      actor: { id: person?.personId ?? 'unknown', kind: 'person' },
      action: 'trust.access:sign_in_refused',
      facts: { locked },
    })
    throw refused()
  }
  return transaction(rt, async (rt) => {
    await store.clearFailures(rt.db, digest)
    return beginSession(rt, person, 'password')
  })
}

export const signOut = (rt: Runtime, token: string, actor: Actor): Promise<void> =>
  transaction(rt, async (rt) => {
    await store.endSession(rt.db, digestOfSecret(token), rt.clock.now(), 'signed out')
    await record(rt, { actor, action: 'trust.access:signed_out' })
  })

/** Changes one's own password: all sessions end, and a new one begins. */
export async function changePassword(
  rt: Runtime,
  { current, next }: { current: string; next: string },
  actor: Actor,
): Promise<Session> {
  const person = await personOrThrow(rt, actor.id)
  if (!person.hash || !(await verify(person.hash, current)))
    throw forbidden('password_wrong', {}, 'The current password is not right.')
  const expected = refusePassword(next, person.login)
  if (expected)
    throw invalid(
      'password_weak',
      { at: 'body/next', found: `text of ${next.length} characters`, expected },
      `The new password needs ${expected}.`,
      'Choose another.',
    )
  if (next === current)
    throw invalid('password_same', { at: 'body/next' }, 'The new password is the old one.', 'Choose another.')
  const hashed = await hash(next, ARGON2)
  return transaction(rt, async (rt) => {
    await store.setPassword(rt.db, person.personId, hashed, false, rt.clock.now())
    await store.endSessionsOf(rt.db, person.personId, rt.clock.now(), 'password changed')
    await record(rt, { actor, action: 'trust.access:password_changed' })
    return beginSession(rt, { ...person, mustChange: false }, 'password change')
  })
}

/** Forgets sessions that ended a week ago and failed sign-ins of the day before; returns how many sessions. */
export const forgetSessions = (rt: Runtime): Promise<number> => {
  const daysAgo = (days: number): Date => new Date(rt.clock.now().getTime() - days * 86_400_000)
  return store.forget(rt.db, { sessions: daysAgo(7), failures: daysAgo(1), started: daysAgo(1) })
}

const STARTED_MS = 10 * 60_000

/** Begins a sign-in at the identity provider. `browser`: a secret for a cookie that ties the answer to this browser. */
export async function beginOutside(rt: Runtime, provider: Provider): Promise<{ url: string; browser: string }> {
  const configuration = await discover(provider, rt.clock.now()).catch((error: unknown) => {
    throw unavailable(
      'identity_provider_away',
      {},
      'The identity provider does not answer.',
      'Try again in a minute, or sign in with a password.',
      error,
    )
  })
  const [state, nonce, verifier, browser] = [newSecret(32), newSecret(32), newSecret(40), newSecret(32)]
  await store.addStarted(rt.db, {
    stateDigest: digestOfSecret(state),
    verifier,
    nonce,
    browserDigest: digestOfSecret(browser),
    startedAt: rt.clock.now(),
  })
  return { url: await authorizationUrl(configuration, provider, { state, nonce, verifier }), browser }
}

/** Ends it: `callback` is the address that the provider sent the browser to, with its code. */
export async function endOutside(
  rt: Runtime,
  provider: Provider,
  callback: URL,
  browser: string | undefined,
): Promise<Session> {
  const wrong = (cause?: unknown) =>
    unauthenticated(
      'outside_sign_in_refused',
      {},
      'The sign-in with the identity provider did not succeed.',
      'Begin again.',
      cause,
    )
  const state = callback.searchParams.get('state') ?? ''
  const started = await store.takeStarted(rt.db, digestOfSecret(state), new Date(rt.clock.now().getTime() - STARTED_MS))
  if (!started || browser === undefined || digestOfSecret(browser) !== started.browserDigest) throw wrong()
  let identity: Identity
  try {
    identity = await identityFrom(await discover(provider, rt.clock.now()), callback, {
      state,
      nonce: started.nonce,
      verifier: started.verifier,
    })
  } catch (error) {
    rt.log.warn({ error }, 'a sign-in with the identity provider failed')
    throw wrong(error)
  }
  return admitIdentity(rt, provider, identity)
}

/** The provider decides roles and scope at every sign-in: what it no longer says, no longer holds here. */
const admitIdentity = (
  rt: Runtime,
  provider: Provider,
  { issuer, subject, name, groups }: Identity,
): Promise<Session> =>
  transaction(rt, async (rt) => {
    const { roles, units } = meaningOf(groups, provider.groups)
    if (roles.length === 0)
      throw forbidden(
        'no_role',
        { groups: groups.length },
        'None of your groups has a role here.',
        'Ask an administrator of the identity provider.',
      )
    const [at, by] = [rt.clock.now(), 'outside']
    const known = await store.personByOutside(rt.db, issuer, subject)
    if (known?.closed) throw forbidden('person_closed', {}, 'Your access was closed.', 'Ask an administrator.')
    const personId = known?.personId ?? rt.ids.next()
    if (!known) {
      await store.addPerson(rt.db, {
        personId,
        login: `outside-${digestOfSecret(`${issuer} ${subject}`).slice(0, 24)}`,
        name,
        customerId: null,
        at,
        by,
      })
      await store.linkOutside(rt.db, issuer, subject, personId, at)
      await record(rt, {
        actor: systemActor('identity-provider'),
        action: 'trust.access:person_created',
        subject: personId,
        facts: { roles },
      })
    }
    await store.replaceRoles(rt.db, personId, roles, at, by)
    await store.replaceUnits(rt.db, personId, units, at, by)
    return beginSession(rt, await personOrThrow(rt, personId), 'identity provider')
  })

/** Makes a key for another system; the key itself is returned once and kept nowhere. */
export const createKey = (
  rt: Runtime,
  { title, permissions, scope = 'all', days = 365 }: NewKey,
  actor: Actor,
): Promise<{ keyId: string; key: string; expiresAt: Date }> =>
  transaction(rt, async (rt) => {
    refuseKey({ permissions, scope })
    const [keyId, prefix, secret, createdAt] = [rt.ids.next(), newSecret(5), newSecret(20), rt.clock.now()]
    const key = `clk_${prefix}_${secret}`
    const expiresAt = new Date(createdAt.getTime() + days * 86_400_000)
    await store.addKey(rt.db, {
      keyId,
      prefix,
      title,
      permissions,
      scope,
      createdAt,
      createdBy: actor.id,
      expiresAt,
      digest: digestOfSecret(key),
    })
    await record(rt, { actor, action: 'trust.access:key_created', subject: keyId, facts: { permissions, days, scope } })
    return { keyId, key, expiresAt }
  })

export const listKeys = (rt: Runtime): Promise<store.KeyRow[]> => store.keys(rt.db)

/** From within a second the key opens nothing on any server. */
export const revokeKey = (rt: Runtime, keyId: string, reason: string, actor: Actor): Promise<void> =>
  transaction(rt, async (rt) => {
    if (!(await store.revokeKey(rt.db, keyId, rt.clock.now(), actor.id, reason)))
      throw notFound('no_such_key', { keyId }, 'There is no such key.')
    await record(rt, { actor, action: 'trust.access:key_revoked', subject: keyId, reason })
  })
