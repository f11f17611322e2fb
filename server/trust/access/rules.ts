import { forbidden, invalid } from '#platform/errors'
import type { Actor, Scope } from '#platform/http'
import { ALL_PERMISSIONS, isRole, ROLES, UNBOUND } from './roles.ts'
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

/** Refuses a key that would give access to others, what nobody knows, or what its scope could not bind. */
export function refuseKey({ permissions, scope }: { permissions: readonly string[]; scope: Scope }): void {
  const unknown = permissions.filter((permission) => !ALL_PERMISSIONS.has(permission))
  if (unknown.length > 0)
    throw invalid(
      'permission_unknown',
      { found: unknown },
      'There is no such permission.',
      'See /api/trust/access/roles.',
    )
  if (permissions.includes('trust.access:manage'))
    throw forbidden('key_too_mighty', {}, 'No key may give access to others.', 'Let a person do it.')
  const unbound = scope === 'all' ? [] : permissions.filter((permission) => UNBOUND.includes(permission))
  if (unbound.length > 0)
    throw invalid(
      'key_unbound',
      { found: unbound },
      'What this key may do concerns customers of any unit; a narrower scope would promise what it cannot keep.',
      'Give the whole bank, or leave these permissions out.',
    )
}
