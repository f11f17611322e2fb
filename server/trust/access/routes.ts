import Type from 'typebox'
import { forbidden, isProblem } from '#platform/errors'
import { type Actor, type Route, route, type Scope } from '#platform/http'
import { Done } from '#platform/http/contract'
import type { Runtime } from '#platform/runtime'
import * as c from './contract.ts'
import {
  beginOutside,
  changePassword,
  closePerson,
  cookieOf,
  createKey,
  createPerson,
  csrfTokenOf,
  endOutside,
  listKeys,
  listPeople,
  resetPassword,
  revokeKey,
  SESSION_COOKIE,
  type Session,
  seal,
  sealsOf,
  setRoles,
  setUnits,
  signIn,
  signOut,
  unseal,
} from './index.ts'
import { providerOf } from './outside.ts'
import { presenceRoutes } from './presence/routes.ts'

const BROWSER_COOKIE = 'clientele_sign_in'
const done = { done: true as const }

const shownScope = (scope: Scope) =>
  scope === 'all'
    ? ('all' as const)
    : {
        branches: [...(scope.branches ?? [])],
        teams: [...(scope.teams ?? [])],
        portfolios: [...(scope.portfolios ?? [])],
      }

const me = (actor: Actor, mustChangePassword: boolean) => ({
  id: actor.id,
  kind: actor.kind,
  name: actor.name,
  roles: [...actor.roles],
  permissions: [...actor.permissions].sort(),
  scope: shownScope(actor.scope),
  mustChangePassword,
})

/** No script reads the cookie, no other site sends it with a change; over TLS it travels only there. */
function cookie(rt: Runtime, name: string, value: string, maxAgeMs: number): string {
  const secure = rt.config.http.publicUrl?.startsWith('https:') ? '; Secure' : ''
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${Math.floor(maxAgeMs / 1000)}${secure}`
}

const signedIn = ({ actor, csrfToken, mustChangePassword }: Session) => ({
  me: me(actor, mustChangePassword),
  csrfToken,
})

/** Whoever came in a browser is told on the sign-in page; a program, as programs are told. */
async function toldAtTheDoor(
  { request, reply }: Pick<Parameters<Route['handle']>[0], 'request' | 'reply'>,
  way: () => Promise<string>,
): Promise<string> {
  try {
    return await way()
  } catch (problem) {
    if (!isProblem(problem) || !request.headers.accept?.includes('text/html')) throw problem
    reply.header('location', `/?sign-in=${problem.code}`).code(303)
    return ''
  }
}

const manage = 'trust.access:manage' as const
const rate = { perMinute: 120 }

export const routes: Route[] = [
  ...presenceRoutes,
  route({
    method: 'POST',
    url: '/api/trust/access/sessions',
    summary: 'Sign in with login and password.',
    needs: 'public',
    rate: { perMinute: 60 },
    body: c.SignIn,
    reply: c.SignedIn,
    status: 201,
    handle: async ({ rt, body, reply }) => {
      const session = await signIn(rt, body)
      reply.header('set-cookie', cookie(rt, SESSION_COOKIE, session.token, rt.config.access.sessionHours * 3_600_000))
      return signedIn(session)
    },
  }),
  route({
    method: 'DELETE',
    url: '/api/trust/access/sessions/current',
    summary: 'Sign out.',
    needs: 'signed-in',
    rate,
    reply: Done,
    handle: async ({ rt, actor, request, reply }) => {
      const token = cookieOf(request.headers.cookie, SESSION_COOKIE)
      if (token) await signOut(rt, token, actor)
      reply.header('set-cookie', cookie(rt, SESSION_COOKIE, '', 0))
      return done
    },
  }),
  route({
    method: 'GET',
    url: '/api/trust/access/ways-in',
    summary: 'How one signs in here.',
    needs: 'public',
    rate: { perMinute: 120 },
    reply: c.WaysIn,
    handle: ({ rt }) => ({
      password: true,
      outside: rt.config.access.oidcIssuer !== undefined && rt.config.access.oidcClientId !== undefined,
    }),
  }),
  route({
    method: 'GET',
    url: '/api/trust/access/me',
    summary: 'Who I am and what I may do; in a browser, the token for changes too.',
    needs: 'signed-in',
    rate: { perMinute: 600 },
    reply: c.MeReply,
    handle: ({ actor, request }) => {
      const token = actor.kind === 'person' ? cookieOf(request.headers.cookie, SESSION_COOKIE) : undefined
      return {
        me: me(actor, actor.kind === 'person' && actor.roles.length > 0 && actor.permissions.size === 0),
        csrfToken: token ? csrfTokenOf(token) : null,
      }
    },
  }),
  route({
    method: 'PUT',
    url: '/api/trust/access/me/password',
    summary: 'Change my password; all my other sessions end.',
    needs: 'signed-in',
    rate: { perMinute: 10 },
    body: c.PasswordChange,
    reply: c.SignedIn,
    handle: async ({ rt, actor, body, reply }) => {
      if (actor.kind !== 'person') throw forbidden('not_a_person', {}, 'A key has no password.')
      const session = await changePassword(rt, body, actor)
      reply.header('set-cookie', cookie(rt, SESSION_COOKIE, session.token, rt.config.access.sessionHours * 3_600_000))
      return signedIn(session)
    },
  }),
  route({
    method: 'GET',
    url: '/api/trust/access/outside',
    summary: 'Sign in with the bank’s identity provider: sends the browser there.',
    needs: 'public',
    rate: { perMinute: 60 },
    reply: Type.Unknown(),
    produces: 'text/plain; charset=utf-8',
    handle: ({ rt, request, reply }) =>
      toldAtTheDoor({ request, reply }, async () => {
        const { url, browser } = await beginOutside(rt, providerOf(rt.config))
        reply
          .header('set-cookie', cookie(rt, BROWSER_COOKIE, browser, 600_000))
          .header('location', url)
          .code(303)
        return ''
      }),
  }),
  route({
    method: 'GET',
    url: '/api/trust/access/outside/callback',
    summary: 'Where the identity provider sends the browser back to.',
    needs: 'public',
    rate: { perMinute: 60 },
    query: Type.Object(
      {
        code: Type.Optional(Type.String({ maxLength: 4000 })),
        state: Type.Optional(Type.String({ maxLength: 200 })),
        iss: Type.Optional(Type.String({ maxLength: 500 })),
        error: Type.Optional(Type.String({ maxLength: 500 })),
        error_description: Type.Optional(Type.String({ maxLength: 2000 })),
        session_state: Type.Optional(Type.String({ maxLength: 500 })),
      },
      { additionalProperties: false },
    ),
    reply: Type.Unknown(),
    produces: 'text/plain; charset=utf-8',
    handle: ({ rt, request, reply }) =>
      toldAtTheDoor({ request, reply }, async () => {
        const provider = providerOf(rt.config)
        const callback = new URL(provider.redirectUri)
        callback.search = new URL(request.url, callback).search
        const session = await endOutside(rt, provider, callback, cookieOf(request.headers.cookie, BROWSER_COOKIE))
        reply
          .header('set-cookie', [
            cookie(rt, SESSION_COOKIE, session.token, rt.config.access.sessionHours * 3_600_000),
            cookie(rt, BROWSER_COOKIE, '', 0),
          ])
          .header('location', '/')
          .code(303)
        return ''
      }),
  }),
  route({
    method: 'GET',
    url: '/api/trust/access/people',
    summary: 'The people who may sign in.',
    needs: 'trust.access:read',
    rate,
    reply: c.People,
    handle: async ({ rt }) => ({
      people: (await listPeople(rt)).map(({ personId, login, name, roles, units, closed }) => ({
        personId,
        login,
        name,
        roles,
        units,
        closed,
      })),
    }),
  }),
  route({
    method: 'POST',
    url: '/api/trust/access/people',
    summary: 'Let a person in; the answer holds a one-time password.',
    needs: manage,
    rate,
    body: c.NewPerson,
    reply: c.OneTimePassword,
    status: 201,
    handle: ({ rt, actor, body }) => createPerson(rt, body, actor),
  }),
  route({
    method: 'PUT',
    url: '/api/trust/access/people/:personId/roles',
    summary: 'Set a person’s roles.',
    needs: manage,
    rate,
    params: c.PersonParams,
    body: c.RolesInput,
    reply: Done,
    handle: async ({ rt, actor, params, body }) => {
      await setRoles(rt, params.personId, body.roles, actor)
      return done
    },
  }),
  route({
    method: 'PUT',
    url: '/api/trust/access/people/:personId/units',
    summary: 'Set which customers a person answers for.',
    needs: manage,
    rate,
    params: c.PersonParams,
    body: c.UnitsInput,
    reply: Done,
    handle: async ({ rt, actor, params, body }) => {
      await setUnits(rt, params.personId, body.units, actor)
      return done
    },
  }),
  route({
    method: 'PUT',
    url: '/api/trust/access/people/:personId/closure',
    summary: 'Close a person’s access for good.',
    needs: manage,
    rate,
    params: c.PersonParams,
    body: c.ReasonInput,
    reply: Done,
    handle: async ({ rt, actor, params, body }) => {
      await closePerson(rt, params.personId, body.reason, actor)
      return done
    },
  }),
  route({
    method: 'POST',
    url: '/api/trust/access/people/:personId/passwords',
    summary: 'Give a person a new one-time password.',
    needs: manage,
    rate,
    params: c.PersonParams,
    reply: c.OneTimePassword,
    status: 201,
    handle: ({ rt, actor, params }) => resetPassword(rt, params.personId, actor),
  }),
  route({
    method: 'GET',
    url: '/api/trust/access/keys',
    summary: 'The keys of other systems.',
    needs: 'trust.access:read',
    rate,
    reply: c.Keys,
    handle: async ({ rt }) => ({
      keys: (await listKeys(rt)).map((key) => ({
        keyId: key.keyId,
        prefix: key.prefix,
        title: key.title,
        permissions: key.permissions,
        scope: shownScope(key.scope),
        createdAt: key.createdAt.toISOString(),
        expiresAt: key.expiresAt.toISOString(),
        revokedAt: key.revokedAt?.toISOString() ?? null,
      })),
    }),
  }),
  route({
    method: 'POST',
    url: '/api/trust/access/keys',
    summary: 'Make a key for another system; it is shown once.',
    needs: manage,
    rate,
    body: c.NewKey,
    reply: c.NewKeyReply,
    status: 201,
    handle: async ({ rt, actor, body }) => {
      const { keyId, key, expiresAt } = await createKey(rt, body, actor)
      return { keyId, key, expiresAt: expiresAt.toISOString() }
    },
  }),
  route({
    method: 'PUT',
    url: '/api/trust/access/keys/:keyId/revocation',
    summary: 'Revoke a key.',
    needs: manage,
    rate,
    params: c.KeyParams,
    body: c.ReasonInput,
    reply: Done,
    handle: async ({ rt, actor, params, body }) => {
      await revokeKey(rt, params.keyId, body.reason, actor)
      return done
    },
  }),
  route({
    method: 'GET',
    url: '/api/trust/access/seals/:customerId',
    summary: 'The seals on a customer’s record.',
    needs: 'trust.seals:read',
    rate,
    params: c.SealsParams,
    reply: c.Seals,
    handle: async ({ rt, params }) => ({
      seals: (await sealsOf(rt, params.customerId)).map(({ kind, reason, sealedAt, sealedBy }) => ({
        kind,
        reason,
        sealedAt: sealedAt.toISOString(),
        sealedBy,
      })),
    }),
  }),
  route({
    method: 'PUT',
    url: '/api/trust/access/seals/:customerId/:kind',
    summary: 'Seal a customer’s record.',
    needs: 'trust.seals:write',
    rate,
    params: c.SealParams,
    body: c.ReasonInput,
    reply: Done,
    handle: async ({ rt, actor, params, body }) => {
      await seal(rt, { ...params, reason: body.reason }, actor)
      return done
    },
  }),
  route({
    method: 'DELETE',
    url: '/api/trust/access/seals/:customerId/:kind',
    summary: 'Take a seal off a customer’s record.',
    needs: 'trust.seals:write',
    rate,
    params: c.SealParams,
    body: c.ReasonInput,
    reply: Done,
    handle: async ({ rt, actor, params, body }) => {
      await unseal(rt, { ...params, reason: body.reason }, actor)
      return done
    },
  }),
]
