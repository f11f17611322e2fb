import type { ClienteleError } from '../clientele.d.ts'
import type { Tokens } from './token.ts'

const TIMEOUT_MS = 15_000

/** An answer of the server: what it said, or why it did not. */
export interface Reply {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: what comes over the wire is looked at where it is used.
  body: any
  /** Milliseconds the server asks us to wait. */
  waitMs: number
  /** Whose token asked. */
  whose: string
  error?: ClienteleError
}

const failed = (status: number, code: string, message: string, waitMs = 0): Reply => ({
  status,
  body: undefined,
  waitMs,
  whose: '',
  error: { status, code, message },
})

export type Call = (method: 'GET' | 'POST', path: string, body?: unknown, onlyFor?: string) => Promise<Reply>

/** One call with the customer's token, which is renewed once when it is refused. Never throws. */
export const caller =
  (url: string, tokens: Tokens): Call =>
  async (method, path, body, onlyFor) => {
    for (let fresh = false; ; fresh = true) {
      const token = await tokens.take(fresh)
      if (!token) return failed(0, 'no_token', 'The bank gave no token: the customer may have signed out.')
      const whose = tokens.whose(token)
      // What one customer of this browser left behind is never sent in the name of another.
      if (onlyFor !== undefined && onlyFor !== whose) return failed(0, 'no_token', 'Another customer has signed in.')
      let response: Response
      try {
        response = await fetch(`${url}/api/engage/inbound/mine/${path}`, {
          method,
          headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
          ...(body ? { body: JSON.stringify(body) } : {}),
          credentials: 'omit',
          referrerPolicy: 'no-referrer',
          cache: 'no-store',
          // What is said while the page is being left still arrives.
          keepalive: method === 'POST',
          signal: AbortSignal.timeout(TIMEOUT_MS),
        })
      } catch {
        return failed(0, 'offline', 'There is no connection to the bank.')
      }
      const said = await response.json().catch(() => undefined)
      if (response.ok) return { status: response.status, body: said, waitMs: 0, whose }
      if (response.status === 401 && !fresh) continue
      const { code = 'failed', message = `The bank answered ${response.status}.` } = said?.error ?? {}
      return failed(response.status, code, message, Number(response.headers.get('retry-after')) * 1000 || 0)
    }
  }
