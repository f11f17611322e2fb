/** Failures that pass without a pause; each one more doubles the pause from half a minute to a quarter of an hour. */
export const FREE_FAILURES = 5
const FIRST_PAUSE_MS = 30_000
const PAUSE_MS_MAX = 900_000

/** For how long further sign-ins are refused after so many failures in a row. */
export const pauseAfter = (failures: number): number =>
  failures < FREE_FAILURES ? 0 : Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 2 ** (failures - FREE_FAILURES))

/** Shortest and longest password; longer than the longest would only be work for the server. */
export const PASSWORD_LENGTH = { min: 12, max: 200 }

/** Why a password is refused, or undefined. Length is what counts; a password like the login is no secret. */
export function refusePassword(password: string, login: string): string | undefined {
  if (password.length < PASSWORD_LENGTH.min) return `at least ${PASSWORD_LENGTH.min} characters`
  if (password.length > PASSWORD_LENGTH.max) return `at most ${PASSWORD_LENGTH.max} characters`
  if (new Set(password).size < 5) return 'at least 5 different characters'
  if (password.toLowerCase().includes(login.toLowerCase())) return 'a password without the login in it'
  return undefined
}
