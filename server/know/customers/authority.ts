/** What a person is to a holding. */
export type Role = 'owner' | 'user' | 'guardian' | 'attorney' | 'executor' | 'guarantor' | 'director'
/** How far the person may act: alone, either owner alone, only both together, within limits, or not at all. */
export type Authority = 'sole' | 'either' | 'both' | 'limited' | 'none'

export interface DatedRole {
  customerId: number
  role: Role
  authority: Authority
  shareBp: number
  fromOn: string
  toOn: string | null
}

/** Whether the role holds on the date; both ends inclusive. */
export const roleHoldsOn = (role: Pick<DatedRole, 'fromOn' | 'toOn'>, on: string): boolean =>
  role.fromOn <= on && (role.toOn === null || on <= role.toOn)

export type Acting =
  | { may: true; needsAlso: number[] }
  | { may: false; because: 'no_role' | 'role_ended' | 'no_authority' }

/**
 * Whether the person may act on a holding on the date. With authority 'both' every other owner must agree too: they
 * are named. An expired attorney or guardian may not act, whatever the holding's owner said before.
 */
export function mayAct(roles: readonly DatedRole[], customerId: number, on: string): Acting {
  const mine = roles.filter((role) => role.customerId === customerId)
  if (mine.length === 0) return { may: false, because: 'no_role' }
  const held = mine.filter((role) => roleHoldsOn(role, on))
  if (held.length === 0) return { may: false, because: 'role_ended' }
  const able = held.filter((role) => role.authority !== 'none')
  if (able.length === 0) return { may: false, because: 'no_authority' }
  if (able.some((role) => role.authority === 'sole' || role.authority === 'either')) return { may: true, needsAlso: [] }
  if (able.every((role) => role.authority === 'limited')) return { may: true, needsAlso: [] }
  const others = roles.filter(
    (role) => role.role === 'owner' && role.customerId !== customerId && roleHoldsOn(role, on),
  )
  return { may: true, needsAlso: [...new Set(others.map((role) => role.customerId))].sort((a, b) => a - b) }
}

/**
 * Whether somebody who says that they act for a customer in that role does so on the date, on any of the customer's
 * holdings. `roles`: theirs over the customer's holdings.
 */
export function standsFor(
  roles: readonly Pick<DatedRole, 'role' | 'authority' | 'fromOn' | 'toOn'>[],
  role: Role,
  on: string,
): { may: true } | { may: false; because: 'no_role' | 'role_ended' | 'no_authority' } {
  const mine = roles.filter((one) => one.role === role)
  if (mine.length === 0) return { may: false, because: 'no_role' }
  const held = mine.filter((one) => roleHoldsOn(one, on))
  if (held.length === 0) return { may: false, because: 'role_ended' }
  return held.some((one) => one.authority !== 'none') ? { may: true } : { may: false, because: 'no_authority' }
}
