import { createHmac, timingSafeEqual } from 'node:crypto'

/** The secret of a webhook: it follows from the bank's key, so it needs no keeping. `number` counts the secrets it had. */
export const secretOf = (bankKey: string, webhookId: string, number: number): string =>
  `whsec_${createHmac('sha256', bankKey).update(`webhook secret ${webhookId} ${number}`).digest('base64url')}`

const hmac = (secret: string, id: string, timestamp: number, body: string): Buffer =>
  createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest()

/** The value of the signature header, with each of the secrets. `timestamp`: Unix seconds of the attempt. */
export const signatureOf = (secrets: readonly string[], id: string, timestamp: number, body: string): string =>
  secrets.map((secret) => `v1=${hmac(secret, id, timestamp, body).toString('hex')}`).join(',')

/** Whether a header holds a signature by this secret; compared in constant time. What a receiver does. */
export function isSigned(header: string, secret: string, id: string, timestamp: number, body: string): boolean {
  const expected = hmac(secret, id, timestamp, body)
  return header.split(',').some((one) => {
    const given = Buffer.from(one.replace(/^v1=/, ''), 'hex')
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
}
