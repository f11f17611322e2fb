import { type Route, route } from '#platform/http'
import { Done } from '#platform/http/contract'
import { transaction } from '#platform/runtime'
import { record } from '#trust/audit'
import * as c from '../contract.ts'
import { PERMISSIONS, ROLES, SYSTEMS_ONLY } from '../roles.ts'
import * as store from '../store.ts'

const manage = 'trust.access:manage' as const
const IDS_MAX = 100
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What roles may do, who is signed in where, and what the ids in records are called. */
export const presenceRoutes: Route[] = [
  route({
    method: 'GET',
    url: '/api/trust/access/roles',
    summary: 'What each role may do, and what other systems alone may.',
    needs: 'signed-in',
    rate: { perMinute: 120 },
    reply: c.RolesReply,
    handle: () => ({
      roles: ROLES.map((role) => ({ role, permissions: [...PERMISSIONS[role]] })),
      systemsOnly: [...SYSTEMS_ONLY],
    }),
  }),
  route({
    method: 'GET',
    url: '/api/trust/access/names',
    summary: 'What people and keys are called, by the ids that records hold: for screens that say who did something.',
    needs: 'signed-in',
    rate: { perMinute: 600 },
    query: c.NamesQuery,
    reply: c.Names,
    handle: async ({ rt, query }) => {
      const ids = query.ids.split(',').filter((id) => UUID.test(id))
      return { names: [...(await store.namesOf(rt.db, ids.slice(0, IDS_MAX)))] }
    },
  }),
  route({
    method: 'GET',
    url: '/api/trust/access/people/:personId/sessions',
    summary: 'Where a person is signed in, and was in the last week.',
    needs: 'trust.access:read',
    rate: { perMinute: 120 },
    params: c.PersonParams,
    reply: c.Sessions,
    handle: async ({ rt, params }) => ({
      sessions: (await store.sessionsOf(rt.db, params.personId)).map((session) => ({
        begunAt: session.begunAt.toISOString(),
        seenAt: session.seenAt.toISOString(),
        expiresAt: session.expiresAt.toISOString(),
        endedAt: session.endedAt?.toISOString() ?? null,
        endedWhy: session.endedWhy,
      })),
    }),
  }),
  route({
    method: 'PUT',
    url: '/api/trust/access/people/:personId/sessions/end',
    summary: 'End all sessions of a person: they sign in anew.',
    needs: manage,
    rate: { perMinute: 60 },
    params: c.PersonParams,
    body: c.ReasonInput,
    reply: Done,
    handle: ({ rt, actor, params: { personId }, body: { reason } }) =>
      transaction(rt, async (rt) => {
        await store.endSessionsOf(rt.db, personId, rt.clock.now(), 'ended by an administrator')
        await record(rt, { actor, action: 'trust.access:sessions_ended', subject: personId, reason })
        return { done: true as const }
      }),
  }),
]
