import { forbidden, invalid } from '#platform/errors'
import type { Actor } from '#platform/http'
import { isRole, ROLES } from './roles.ts'
import type { Unit } from './scope.ts'

export function checkRoles(roles: readonly string[]): void {
  const unknown = roles.filter((role) => !isRole(role))
  if (unknown.length > 0)
    throw invalid('role_unknown', { found: unknown, expected: ROLES }, 'There is no such role.', 'Use one of the list.')
}

export function checkUnits(units: readonly Unit[]): void {
  const wrong = units.find(({ kind, code }) => (kind === 'bank') !== (code === '*'))
  if (wrong)
    throw invalid(
      'unit_malformed',
      { found: wrong.kind, expected: "code '*' for the bank and only for it" },
      'The code does not fit the kind of unit.',
      "Give the whole bank as { kind: 'bank', code: '*' }.",
    )
}

/** Nobody changes what they themselves may do: a second administrator does. */
export function notOneself(actor: Actor, personId: string): void {
  if (actor.id === personId)
    throw forbidden('own_access', {}, 'Nobody changes their own access.', 'Ask another administrator.')
}
