import { timingSafeEqual } from 'node:crypto'
import { customerOfKey, unitsOf } from '#know/customers'
import { invalid, notFound, unauthenticated } from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import { type Actor, mustSee } from '#trust/access'
import { record } from '#trust/audit'
import { digest } from '#trust/privacy'
import { TOKEN_SECONDS, type TokenRequest } from './contract.ts'
import { type Claims, partsOf, refusedFor, signedPart, tokenOf } from './token.ts'

/** The signature of a token: keyed with the bank's own key, and good for nothing else. */
const signatureOf = (rt: Runtime, signed: string): Promise<Buffer> => digest(rt, `engage.inbound token ${signed}`)

/**
 * A token for one customer, who has signed in at the system that asks: their browser may then ask for placements,
 * answer, and see and change their own consents, for a few minutes. Errors: `customer_reference`, `origin_unknown`
 * (invalid), `no_such_customer` (not found).
 */
export async function giveToken(
  rt: Runtime,
  asked: TokenRequest & { actor: Actor },
): Promise<{ token: string; customerId: number; expiresAt: Date }> {
  const { customer, origin, channel, actor } = asked
  if ((asked.customerId === undefined) === (customer === undefined))
    throw invalid(
      'customer_reference',
      { found: customer === undefined ? 'neither' : 'both' },
      'The question names a customer by customerId or by customer, one of the two.',
      'Give exactly one.',
    )
  const { origins, publicUrl } = rt.config.http
  if (origin !== undefined && !origins.includes(origin) && !(publicUrl && new URL(publicUrl).origin === origin))
    throw invalid(
      'origin_unknown',
      { at: 'body/origin', found: origin, expected: origins },
      'Pages of this origin may not call this server, so a token for them would open nothing.',
      'Add the origin to CLIENTELE_ORIGINS.',
    )
  const customerId = asked.customerId ?? (await customerOfKey(rt, customer!.source, customer!.id))
  await mustSee(rt, actor, [customerId])
  if (!(await unitsOf(rt, [customerId])).has(customerId))
    throw notFound('no_such_customer', { customerId }, 'There is no such customer.', 'Check the number.')
  const seconds = asked.validForSeconds ?? TOKEN_SECONDS.default
  const expiresAt = Math.floor(rt.clock.now().getTime() / 1000) + seconds
  const asker = asked.asker ?? 'self'
  if ((asker === 'self') !== (asked.acting === undefined))
    throw invalid(
      'acting_missing',
      { asker, acting: asked.acting !== undefined },
      'Who acts for the customer is named in acting, and only then is there somebody who does.',
      'Give asker and acting together, or neither.',
    )
  const signed = signedPart({
    customerId,
    asker,
    acting: asked.acting ?? null,
    channel: channel ?? null,
    origin: origin ?? null,
    expiresAt,
    seconds,
  })
  await record(rt, {
    actor,
    action: 'engage.inbound:token_given',
    customerIds: [customerId],
    facts: { seconds, asker, channel: channel ?? null, origin: origin ?? null },
  })
  return { token: tokenOf(signed, await signatureOf(rt, signed)), customerId, expiresAt: new Date(expiresAt * 1000) }
}

/** A customer who asks by a token: one actor with no permission at all, and what the token says. */
export type CustomerActor = Actor & { readonly kind: 'customer'; readonly customerId: number; readonly claims: Claims }

/**
 * Who asks with a customer's token. Errors (unauthenticated): `token_missing`, `token_unknown` (tampered with, or of
 * another bank), `token_expired`, `token_origin`.
 */
export async function customerAsking(
  rt: Runtime,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Promise<CustomerActor> {
  const { authorization, origin } = headers
  if (typeof authorization !== 'string' || !authorization.startsWith('Bearer '))
    throw unauthenticated(
      'token_missing',
      {},
      'This is for customers, with a token that the bank’s own system asks for.',
      'Send it as "Authorization: Bearer …".',
    )
  const parts = partsOf(authorization.slice(7))
  if (!parts || !timingSafeEqual(parts.signature, await signatureOf(rt, parts.signed)))
    throw unauthenticated('token_unknown', {}, 'This token is not one of this bank.', 'Ask the bank for a new one.')
  const claims = parts.claims()
  if (claims.expiresAt * 1000 <= rt.clock.now().getTime())
    throw unauthenticated('token_expired', {}, 'This token has expired.', 'Ask the bank for a new one.')
  const fetchSite = headers['sec-fetch-site']
  const refused = refusedFor(claims, {
    origin: typeof origin === 'string' ? origin : undefined,
    fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined,
  })
  if (refused) throw unauthenticated('token_origin', {}, refused, 'Ask for a token for this page’s own origin.')
  return {
    // The audit names no customer by number: the entry's digest of the customer says who.
    id: 'customer',
    kind: 'customer',
    name: 'the customer',
    roles: [],
    permissions: new Set(),
    scope: {},
    customerId: claims.customerId,
    claims,
  }
}
