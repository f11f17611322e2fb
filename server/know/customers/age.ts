/**
 * Full years of age on the date, both 'YYYY-MM-DD'. Somebody born on 29 February has the birthday on 1 March in a
 * year without one: a full year has then passed, and a right at 18 never starts a day early. Negative before birth.
 */
export function ageYears(birthOn: string, on: string): number {
  const years = Number(on.slice(0, 4)) - Number(birthOn.slice(0, 4))
  return on.slice(5) >= birthOn.slice(5) ? years : years - 1
}

/** The age below which a person is a minor. */
export const ADULT_YEARS = 18

/** Whether the person is a minor on the date; a person whose birth date is unknown is treated as an adult. */
export const isMinor = (birthOn: string | null, on: string): boolean =>
  birthOn !== null && ageYears(birthOn, on) < ADULT_YEARS
