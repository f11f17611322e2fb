/** A real OpenID provider on loopback: the bank's own, at which the people of the bank have their accounts. */
/// <reference path="./oidc-provider.d.ts" />
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

export interface Account {
  id: string
  name: string
  groups: string[]
}

export interface IdentityProvider {
  readonly issuer: string
  /** What the server must be told of it. */
  readonly settings: { oidcIssuer: string; oidcClientId: string; oidcClientSecret: string }
  /** Who sits before the browser. */
  account: Account
  close(): Promise<void>
}

const SECRET = 'a secret of thirty-two characters'

/**
 * `sendsBackTo`: the server's own address. `asks`: it shows a page on which one says who one is, or refuses; otherwise
 * it knows at once.
 */
export async function identityProvider({
  sendsBackTo = 'http://127.0.0.1:4000',
  asks = false,
} = {}): Promise<IdentityProvider> {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => void response.end()
  const server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const made: IdentityProvider = {
    issuer,
    settings: { oidcIssuer: issuer, oidcClientId: 'clientele', oidcClientSecret: SECRET },
    account: { id: 'outside-1', groups: ['crm-managers', 'branch-17'], name: 'Riya Sharma' },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'clientele',
        client_secret: SECRET,
        redirect_uris: [`${sendsBackTo}/api/trust/access/outside/callback`],
      },
    ],
    claims: { openid: ['sub'], profile: ['name'], groups: ['groups'] },
    scopes: ['openid', 'profile', 'groups'],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['test'] },
    ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: made.account.name, groups: made.account.groups }),
    }),
  })
  const interaction = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { prompt, params, session } = await provider.interactionDetails(request, response)
    if (prompt.name !== 'login') {
      const grant = new provider.Grant({ accountId: session!.accountId, clientId: params.client_id as string })
      grant.addOIDCScope('openid profile groups')
      const consent = { consent: { grantId: await grant.save() } }
      return provider.interactionFinished(request, response, consent, { mergeWithLastSubmission: true })
    }
    const way = new URL(request.url!, issuer).searchParams.get('say')
    if (asks && way === null)
      return void response
        .setHeader('content-type', 'text/html; charset=utf-8')
        .end(`<!doctype html><title>The bank’s account</title>
        <h1>The bank’s account</h1><p><a href="?say=yes">Go on as ${made.account.name}</a></p><p><a href="?say=no">Refuse</a></p>`)
    return provider.interactionFinished(
      request,
      response,
      way === 'no'
        ? { error: 'access_denied', error_description: 'the person refused' }
        : { login: { accountId: made.account.id } },
    )
  }
  const callback = provider.callback()
  answer = (request, response) =>
    void (request.url?.startsWith('/interaction/') ? interaction(request, response) : callback(request, response))
  return made
}
