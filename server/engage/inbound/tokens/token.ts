/** What a customer's token says. It is signed, not secret: a browser can read it, and can change nothing in it. */
export interface Claims {
  readonly customerId: number
  /** Who is in front of the screen: an offer is never made through somebody who acts for the customer. */
  readonly asker: 'self' | 'guardian' | 'attorney' | 'executor'
  /** Who acts for the customer, as one of the bank's systems knows them; null when nobody does. */
  readonly acting: { readonly source: string; readonly id: string } | null
  /** Placements of this channel only; null: any. */
  readonly channel: string | null
  /** The one origin whose pages may use it; null: an app, which is no page. */
  readonly origin: string | null
  /** Seconds since 1970. */
  readonly expiresAt: number
  /** For how long it was given: a browser whose clock is wrong renews it in time by this. */
  readonly seconds: number
}

const PREFIX = 'ct1'
const SHAPE = /^ct1\.([A-Za-z0-9_-]{1,2000})\.([A-Za-z0-9_-]{43})$/

/** The part of the token that is signed. */
export const signedPart = ({ customerId, asker, acting, channel, origin, expiresAt, seconds }: Claims): string =>
  `${PREFIX}.${Buffer.from(JSON.stringify([customerId, asker, acting, channel, origin, expiresAt, seconds])).toString('base64url')}`

/** The token, from the signed part and its 32 bytes of signature. */
export const tokenOf = (signed: string, signature: Buffer): string => `${signed}.${signature.toString('base64url')}`

/** A token taken apart: nothing it says is true until the signature is found right. Undefined for what is no token. */
export function partsOf(token: string): { signed: string; signature: Buffer; claims: () => Claims } | undefined {
  const [, said, signature] = SHAPE.exec(token) ?? []
  if (said === undefined || signature === undefined) return undefined
  return {
    signed: `${PREFIX}.${said}`,
    signature: Buffer.from(signature, 'base64url'),
    claims: () => {
      const [customerId, asker, acting, channel, origin, expiresAt, seconds] = JSON.parse(
        Buffer.from(said, 'base64url').toString(),
      )
      return { customerId, asker, acting, channel, origin, expiresAt, seconds }
    },
  }
}

/** Why a page may not use a token, or undefined when it may. `origin`: as the browser says it. */
export function refusedFor(
  claims: Pick<Claims, 'origin'>,
  { origin, fetchSite }: { origin: string | undefined; fetchSite: string | undefined },
): string | undefined {
  if (claims.origin === null) return origin === undefined ? undefined : 'The token is for an app, and a page uses it.'
  // A browser leaves the origin out when a page reads from its own server, and then says that it does.
  if (origin === undefined && fetchSite === 'same-origin') return undefined
  return origin === claims.origin ? undefined : 'The token is for pages of another origin.'
}
