import * as oidc from 'openid-client'
import type { Config } from '#platform/config'
import { invalid, notFound } from '#platform/errors'
import { isRole, type Role } from './roles.ts'
import type { Unit } from './scope.ts'

/** The bank's identity provider. `roles`: what each of its groups means here. */
export interface Provider {
  issuer: string
  clientId: string
  clientSecret?: string
  /** Where the provider sends people back to. */
  redirectUri: string
  groups: ReadonlyMap<string, string>
}

/** What a group may mean: a role, the whole bank, or a unit whose customers its members answer for. */
const isMeaning = (text: string): boolean =>
  isRole(text) || text === 'bank' || /^(branch|team|portfolio):.+$/.test(text)

/** Checks what the settings say of groups; throws the Problem that names the one it cannot read. */
export function readGroups(pairs: Readonly<Record<string, string>>): Map<string, string> {
  const wrong = Object.entries(pairs).find(([, meaning]) => !isMeaning(meaning))
  if (wrong) {
    const expected = 'group=role, group=bank, or group=branch|team|portfolio:code'
    throw invalid(
      'oidc_groups_malformed',
      { found: wrong.join('='), expected },
      `"${wrong[1]}" is not what a group can mean.`,
      'Mend CLIENTELE_OIDC_GROUPS.',
    )
  }
  return new Map(Object.entries(pairs))
}

/** The provider that the settings name; throws the Problem of a server that has none. */
export function providerOf({ access, http }: Pick<Config, 'access' | 'http'>): Provider {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret, oidcGroups } = access
  if (!issuer || !clientId) {
    throw notFound(
      'no_identity_provider',
      {},
      'This server is not tied to an identity provider.',
      'Sign in with a password, or set CLIENTELE_OIDC_ISSUER.',
    )
  }
  return {
    issuer,
    clientId,
    ...(clientSecret ? { clientSecret } : {}),
    redirectUri: new URL('/api/trust/access/outside/callback', http.publicUrl ?? `http://${http.host}:${http.port}`)
      .href,
    groups: readGroups(oidcGroups),
  }
}

/** What somebody's groups make them here. */
export function meaningOf(
  claimed: readonly string[],
  groups: ReadonlyMap<string, string>,
): { roles: Role[]; units: Unit[] } {
  const roles = new Set<Role>()
  const units: Unit[] = []
  for (const group of claimed) {
    const meaning = groups.get(group)
    if (meaning === undefined) continue
    if (isRole(meaning)) roles.add(meaning)
    else if (meaning === 'bank') units.push({ kind: 'bank', code: '*' })
    else {
      const at = meaning.indexOf(':')
      units.push({ kind: meaning.slice(0, at) as Unit['kind'], code: meaning.slice(at + 1) })
    }
  }
  return { roles: [...roles], units }
}

// Without TLS only on the machine itself: for development, and for tests with a provider of their own.
const isLoopback = (url: URL): boolean => ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)

const REMEMBERED_MS = 10 * 60_000
const remembered = new Map<string, { configuration: Promise<oidc.Configuration>; untilMs: number }>()

/** The provider's own description of itself, asked for at most every ten minutes. */
export function discover({ issuer, clientId, clientSecret }: Provider, now: Date): Promise<oidc.Configuration> {
  const name = JSON.stringify([issuer, clientId, clientSecret])
  const before = remembered.get(name)
  if (before && before.untilMs > now.getTime()) return before.configuration
  const url = new URL(issuer)
  const insecure = url.protocol === 'http:' && isLoopback(url) ? { execute: [oidc.allowInsecureRequests] } : {}
  const configuration = oidc.discovery(url, clientId, clientSecret, undefined, { timeout: 10, ...insecure })
  remembered.set(name, { configuration, untilMs: now.getTime() + REMEMBERED_MS })
  // A provider that was away for a moment is asked again at the next sign-in.
  configuration.catch(() => remembered.delete(name))
  return configuration
}

/** Where to send the browser: authorization code with PKCE (S256), state and nonce. */
export async function authorizationUrl(
  configuration: oidc.Configuration,
  provider: Provider,
  secrets: { state: string; nonce: string; verifier: string },
): Promise<string> {
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: provider.redirectUri,
    scope: 'openid profile groups',
    state: secrets.state,
    nonce: secrets.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(secrets.verifier),
    code_challenge_method: 'S256',
  })
  return url.href
}

export interface Identity {
  issuer: string
  subject: string
  name: string
  groups: string[]
}

/** Exchanges the code for what the provider says of the person, with every check of the protocol; throws when one fails. */
export async function identityFrom(
  configuration: oidc.Configuration,
  callback: URL,
  expected: { state: string; nonce: string; verifier: string },
): Promise<Identity> {
  const tokens = await oidc.authorizationCodeGrant(configuration, callback, {
    pkceCodeVerifier: expected.verifier,
    expectedState: expected.state,
    expectedNonce: expected.nonce,
    idTokenExpected: true,
  })
  const claims = tokens.claims()!
  const more = configuration.serverMetadata().userinfo_endpoint
    ? await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub)
    : {}
  const all = { ...more, ...claims } as Record<string, unknown>
  const groups = Array.isArray(all.groups)
    ? all.groups.filter((group): group is string => typeof group === 'string')
    : []
  return {
    issuer: claims.iss,
    subject: claims.sub,
    name: typeof all.name === 'string' ? all.name.slice(0, 200) : claims.sub,
    groups,
  }
}
