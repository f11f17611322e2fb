/** How one came to the console: from the bank's own sign-in, and to which page before it. */
const PLACE = 'clientele.place'
const REFUSED = 'sign-in'

let refused: string | null = null

/** Why the bank's own sign-in did not let one in, by the server's code; null when it was not asked or did. */
export const refusedBecause = (): string | null => refused

/** Called before one leaves for the bank's own sign-in: the page that was asked for is found again after it. */
export const keepPlace = (): void =>
  sessionStorage.setItem(PLACE, `${window.location.pathname}${window.location.search}`)

/** Reads how one came, once, before anything is shown; the address says afterwards only where one is. */
export function arrive(): void {
  const { pathname, searchParams } = new URL(window.location.href)
  refused = pathname === '/' ? searchParams.get(REFUSED) : null
  const kept = sessionStorage.getItem(PLACE)
  if (pathname === '/') sessionStorage.removeItem(PLACE)
  // Of this console only: two slashes would be another's address.
  const place = pathname === '/' && kept !== null && /^\/(?!\/)/.test(kept) ? kept : '/'
  if (refused !== null || place !== '/') window.history.replaceState(null, '', place)
}
