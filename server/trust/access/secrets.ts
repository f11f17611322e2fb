import { createHash } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ' // Crockford's base 32: no letters that look like digits
/** What a key looks like: 'clk_' + 8 characters that name it + '_' + 32 that are the secret (160 bits). */
export const KEY_PATTERN = /^clk_[0-9A-HJKMNP-TV-Z]{8}_[0-9A-HJKMNP-TV-Z]{32}$/

/** Random bytes as text, 5 bits a character. */
export function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET[(held >> bits) & 31]
    }
  }
  return text
}

/** SHA-256 in hex. Enough for secrets of 128 random bits and more, which nobody can guess one by one. */
export const digestOfSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** The value of one cookie of a Cookie header. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined
  for (const part of header.split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}

/**
 * The token that a change from a browser must carry beside its session cookie. It follows from the session's secret,
 * which no script and no other site can read, so it need not be kept and can be asked for again.
 */
export const csrfTokenOf = (sessionToken: string): string =>
  createHash('sha256').update(`csrf ${sessionToken}`).digest('base64url')
