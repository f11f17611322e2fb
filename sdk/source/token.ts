import type { Options } from '../clientele.d.ts'

/** Renewed so long before it runs out, for calls that are on their way then. */
const EARLY_MS = 20_000

export interface Tokens {
  /** A token that is good for some seconds, or undefined when none can be had. `fresh`: not the one that was refused. */
  take(fresh?: boolean): Promise<string | undefined>
  /** Whose token it is: a name for what is kept in this browser. */
  whose(token: string): string
}

/**
 * What the token says of itself: its customer, and for how long it was given. It is signed and no secret of the
 * customer's. How long it is still good is counted from when it came, since a device's clock may be wrong.
 */
function claimsOf(token: string): [customer: string, forMs: number] {
  try {
    const claims = JSON.parse(atob(token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/')))
    return [String(claims[0]), claims[6] * 1000]
  } catch {
    return ['', 0]
  }
}

export function tokens({ token, getToken }: Pick<Options, 'token' | 'getToken'>): Tokens {
  let known = token
  let untilMs = token ? performance.now() + claimsOf(token)[1] : 0
  let asking: Promise<string | undefined> | undefined
  const ask = async (): Promise<string | undefined> => {
    try {
      const found = await getToken!()
      known = typeof found === 'string' ? found : found.token
      untilMs = performance.now() + claimsOf(known)[1]
    } catch {
      known = undefined
    }
    asking = undefined
    return known
  }
  return {
    take(fresh) {
      if (!getToken) return Promise.resolve(fresh ? undefined : known)
      if (known && !fresh && untilMs - performance.now() > EARLY_MS) return Promise.resolve(known)
      asking ??= ask()
      return asking
    },
    whose: (one) => claimsOf(one)[0],
  }
}
