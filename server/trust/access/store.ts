import type { Scope } from '#platform/http'
import type { Db } from '#platform/postgres'
import type { Unit } from './scope.ts'

/** A person as signing in and every request need them. */
export interface PersonRow {
  personId: string
  login: string
  name: string
  customerId: number | null
  roles: string[]
  units: Unit[]
  closed: boolean
  mustChange: boolean
  hash: string | null
}

const person = (db: Db) => db`
  p.person_id as "personId", p.login, p.name, p.customer_id as "customerId",
  coalesce((select array_agg(r.role order by r.role) from trust.person_role r where r.person_id = p.person_id), '{}') as roles,
  coalesce((select jsonb_agg(jsonb_build_object('kind', u.kind, 'code', u.code) order by u.kind, u.code)
              from trust.person_scope u where u.person_id = p.person_id), '[]') as units,
  exists (select from trust.person_closure c where c.person_id = p.person_id) as closed,
  coalesce((select w.must_change from trust.password w where w.person_id = p.person_id), false) as "mustChange",
  (select w.hash from trust.password w where w.person_id = p.person_id) as hash`

export async function personByLogin(db: Db, login: string): Promise<PersonRow | undefined> {
  const rows = await db<PersonRow[]>`
    select ${person(db)}
      from trust.person p
     where p.login = ${login}`
  return rows[0]
}

export async function personById(db: Db, personId: string): Promise<PersonRow | undefined> {
  const rows = await db<PersonRow[]>`
    select ${person(db)}
      from trust.person p
     where p.person_id = ${personId}`
  return rows[0]
}

export async function personByOutside(db: Db, issuer: string, subject: string): Promise<PersonRow | undefined> {
  const rows = await db<PersonRow[]>`
    select ${person(db)}
      from trust.outside_identity o
      join trust.person p on p.person_id = o.person_id
     where o.issuer = ${issuer} and o.subject = ${subject}`
  return rows[0]
}

export const people = (db: Db): Promise<PersonRow[]> =>
  db<PersonRow[]>`
    select ${person(db)}
      from trust.person p
     order by p.login`

/** Adds a person; false when the login is taken. */
export async function addPerson(
  db: Db,
  row: { personId: string; login: string; name: string; customerId: number | null; at: Date; by: string },
): Promise<boolean> {
  const rows = await db`
    insert into trust.person (person_id, login, name, customer_id, created_at, created_by)
    values (${row.personId}, ${row.login}, ${row.name}, ${row.customerId}, ${row.at}, ${row.by})
    on conflict (login) do nothing
    returning 1`
  return rows.length === 1
}

export const countPeople = async (db: Db): Promise<number> => {
  const [row] = await db<{ people: number }[]>`select count(*)::int as people from trust.person`
  return row!.people
}

export const closePerson = (db: Db, personId: string, at: Date, by: string, reason: string): Promise<unknown> =>
  db`
    insert into trust.person_closure (person_id, closed_at, closed_by, reason)
    values (${personId}, ${at}, ${by}, ${reason})
    on conflict (person_id) do nothing`

export async function replaceRoles(
  db: Db,
  personId: string,
  roles: readonly string[],
  at: Date,
  by: string,
): Promise<void> {
  await db`
    delete from trust.person_role r
     where r.person_id = ${personId} and r.role <> all(${roles as string[]}::text[])`
  await db`
    insert into trust.person_role (person_id, role, granted_at, granted_by)
    select ${personId}, role, ${at}, ${by} from unnest(${roles as string[]}::text[]) role
    on conflict do nothing`
}

export async function replaceUnits(
  db: Db,
  personId: string,
  units: readonly Unit[],
  at: Date,
  by: string,
): Promise<void> {
  await db`
    delete from trust.person_scope u
     where u.person_id = ${personId}`
  await db`
    insert into trust.person_scope (person_id, kind, code, granted_at, granted_by)
    select ${personId}, kind, code, ${at}, ${by}
      from unnest(${units.map((unit) => unit.kind)}::text[], ${units.map((unit) => unit.code)}::text[]) as given (kind, code)
    on conflict do nothing`
}

export const setPassword = (db: Db, personId: string, hash: string, mustChange: boolean, at: Date): Promise<unknown> =>
  db`
    insert into trust.password (person_id, hash, must_change, set_at)
    values (${personId}, ${hash}, ${mustChange}, ${at})
    on conflict (person_id) do update set hash = excluded.hash, must_change = excluded.must_change, set_at = excluded.set_at`

export const linkOutside = (db: Db, issuer: string, subject: string, personId: string, at: Date): Promise<unknown> =>
  db`
    insert into trust.outside_identity (issuer, subject, person_id, linked_at)
    values (${issuer}, ${subject}, ${personId}, ${at})
    on conflict do nothing`

/** Locks the count of failures of one login, so that guesses at the same moment are counted one by one. */
export async function lockFailures(
  db: Db,
  loginDigest: string,
  at: Date,
): Promise<{ failures: number; lockedUntil: Date | null }> {
  await db`
    insert into trust.sign_in_failure (login_digest, failures, last_at)
    values (${loginDigest}, 0, ${at})
    on conflict do nothing`
  const [row] = await db<{ failures: number; lockedUntil: Date | null }[]>`
    select f.failures, f.locked_until as "lockedUntil"
      from trust.sign_in_failure f
     where f.login_digest = ${loginDigest}
       for update`
  return row ?? { failures: 0, lockedUntil: null }
}

export const setFailures = (
  db: Db,
  loginDigest: string,
  failures: number,
  lockedUntil: Date | null,
  at: Date,
): Promise<unknown> =>
  db`
    update trust.sign_in_failure f
       set failures = ${failures}, locked_until = ${lockedUntil}, last_at = ${at}
     where f.login_digest = ${loginDigest}`

export const clearFailures = (db: Db, loginDigest: string): Promise<unknown> =>
  db`
    delete from trust.sign_in_failure f
     where f.login_digest = ${loginDigest}`

export const addSession = (
  db: Db,
  row: { digest: string; personId: string; at: Date; expiresAt: Date },
): Promise<unknown> =>
  db`
    insert into trust.session (session_digest, person_id, begun_at, seen_at, expires_at)
    values (${row.digest}, ${row.personId}, ${row.at}, ${row.at}, ${row.expiresAt})`

export interface SessionRow extends PersonRow {
  seenAt: Date
  expiresAt: Date
  endedAt: Date | null
}

export async function sessionOf(db: Db, digest: string): Promise<SessionRow | undefined> {
  const rows = await db<SessionRow[]>`
    select ${person(db)}, s.seen_at as "seenAt", s.expires_at as "expiresAt", s.ended_at as "endedAt"
      from trust.session s
      join trust.person p on p.person_id = s.person_id
     where s.session_digest = ${digest}`
  return rows[0]
}

export const seeSession = (db: Db, digest: string, at: Date): Promise<unknown> =>
  db`
    update trust.session s
       set seen_at = greatest(s.seen_at, ${at})
     where s.session_digest = ${digest}`

export const endSession = (db: Db, digest: string, at: Date, why: string): Promise<unknown> =>
  db`
    update trust.session s
       set ended_at = ${at}, ended_why = ${why}
     where s.session_digest = ${digest} and s.ended_at is null`

export const endSessionsOf = (db: Db, personId: string, at: Date, why: string): Promise<unknown> =>
  db`
    update trust.session s
       set ended_at = ${at}, ended_why = ${why}
     where s.person_id = ${personId} and s.ended_at is null`

/** Forgets sessions, failures and started sign-ins from before these instants; returns how many sessions. */
export async function forget(db: Db, before: { sessions: Date; failures: Date; started: Date }): Promise<number> {
  await db`
    delete from trust.sign_in_failure f
     where f.last_at < ${before.failures}`
  await db`
    delete from trust.sign_in_started s
     where s.started_at < ${before.started}`
  const gone = await db`
    delete from trust.session s
     where s.expires_at < ${before.sessions}`
  return gone.count
}

export interface KeyRow {
  keyId: string
  prefix: string
  title: string
  permissions: string[]
  scope: Scope
  createdAt: Date
  createdBy: string
  expiresAt: Date
  revokedAt: Date | null
}

const key = (db: Db) => db`
  k.key_id as "keyId", k.prefix, k.title, k.permissions, k.scope, k.created_at as "createdAt", k.created_by as "createdBy",
  k.expires_at as "expiresAt",
  (select r.revoked_at from trust.api_key_revocation r where r.key_id = k.key_id) as "revokedAt"`

export const addKey = (db: Db, row: Omit<KeyRow, 'revokedAt'> & { digest: string }): Promise<unknown> =>
  db`
    insert into trust.api_key (key_id, prefix, digest, title, permissions, scope, created_at, created_by, expires_at)
    values (${row.keyId}, ${row.prefix}, ${row.digest}, ${row.title}, ${row.permissions}, ${db.json(row.scope as never)},
            ${row.createdAt}, ${row.createdBy}, ${row.expiresAt})`

export async function keyByDigest(db: Db, digest: string): Promise<KeyRow | undefined> {
  const rows = await db<KeyRow[]>`
    select ${key(db)}
      from trust.api_key k
     where k.digest = ${digest}`
  return rows[0]
}

export const keys = (db: Db): Promise<KeyRow[]> =>
  db<KeyRow[]>`
    select ${key(db)}
      from trust.api_key k
     order by k.created_at desc`

export async function revokeKey(db: Db, keyId: string, at: Date, by: string, reason: string): Promise<boolean> {
  const rows = await db`
    insert into trust.api_key_revocation (key_id, revoked_at, revoked_by, reason)
    select k.key_id, ${at}, ${by}, ${reason} from trust.api_key k where k.key_id = ${keyId}
    on conflict (key_id) do update set reason = trust.api_key_revocation.reason
    returning 1`
  return rows.length === 1
}

export type SealKind = 'staff' | 'vip' | 'vulnerable'

export interface SealRow {
  customerId: number
  kind: SealKind
  reason: string
  sealedAt: Date
  sealedBy: string
}

export const sealsOf = (db: Db, customerIds: readonly number[] | 'all'): Promise<SealRow[]> =>
  db<SealRow[]>`
    select s.customer_id as "customerId", s.kind, s.reason, s.sealed_at as "sealedAt", s.sealed_by as "sealedBy"
      from trust.seal s
     where ${customerIds === 'all' ? db`true` : db`s.customer_id = any(${customerIds as number[]}::bigint[])`}`

export const addSeal = (db: Db, row: SealRow): Promise<unknown> =>
  db`
    insert into trust.seal (customer_id, kind, reason, sealed_at, sealed_by)
    values (${row.customerId}, ${row.kind}, ${row.reason}, ${row.sealedAt}, ${row.sealedBy})
    on conflict (customer_id, kind) do update set reason = excluded.reason, sealed_at = excluded.sealed_at, sealed_by = excluded.sealed_by`

export async function removeSeal(db: Db, customerId: number, kind: SealKind): Promise<boolean> {
  const rows = await db`
    delete from trust.seal s
     where s.customer_id = ${customerId} and s.kind = ${kind}
    returning 1`
  return rows.length === 1
}

export interface StartedRow {
  stateDigest: string
  verifier: string
  nonce: string
  browserDigest: string
  startedAt: Date
}

export const addStarted = (db: Db, row: StartedRow): Promise<unknown> =>
  db`
    insert into trust.sign_in_started (state_digest, verifier, nonce, browser_digest, started_at)
    values (${row.stateDigest}, ${row.verifier}, ${row.nonce}, ${row.browserDigest}, ${row.startedAt})`

/** Takes a started sign-in, so that it can be used once only, and forgets old ones on the way. */
export async function takeStarted(db: Db, stateDigest: string, notBefore: Date): Promise<StartedRow | undefined> {
  const rows = await db<StartedRow[]>`
    delete from trust.sign_in_started s
     where s.state_digest = ${stateDigest} or s.started_at < ${notBefore}
    returning s.state_digest as "stateDigest", s.verifier, s.nonce, s.browser_digest as "browserDigest", s.started_at as "startedAt"`
  return rows.find((row) => row.stateDigest === stateDigest && row.startedAt >= notBefore)
}

/** A person's sessions, the one seen last first. */
export const sessionsOf = (db: Db, personId: string) =>
  db<{ begunAt: Date; seenAt: Date; expiresAt: Date; endedAt: Date | null; endedWhy: string | null }[]>`
    select s.begun_at as "begunAt", s.seen_at as "seenAt", s.expires_at as "expiresAt",
           s.ended_at as "endedAt", s.ended_why as "endedWhy"
      from trust.session s
     where s.person_id = ${personId}
     order by s.seen_at desc
     limit 200`

/** What people and keys are called, by their ids; ids of nobody are left out. */
export const namesOf = (db: Db, ids: readonly string[]) =>
  db<{ id: string; name: string; kind: 'person' | 'key' }[]>`
    select p.person_id as id, p.name, 'person' as kind from trust.person p where p.person_id = any (${ids as string[]}::uuid[])
     union all
    select k.key_id, k.title, 'key' from trust.api_key k where k.key_id = any (${ids as string[]}::uuid[])`
