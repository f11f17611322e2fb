import type { Done } from '#platform/http/contract'
import type * as access from '#trust/access/contract'
import { endpoint } from '../../shell/api.ts'

export const roles = endpoint<{ reply: typeof access.RolesReply }>('GET', '/api/trust/access/roles')
export const people = endpoint<{ reply: typeof access.People }>('GET', '/api/trust/access/people')
export const addPerson = endpoint<{ body: typeof access.NewPerson; reply: typeof access.OneTimePassword }>(
  'POST',
  '/api/trust/access/people',
)
export const setRoles = endpoint<{
  params: typeof access.PersonParams
  body: typeof access.RolesInput
  reply: typeof Done
}>('PUT', '/api/trust/access/people/:personId/roles')
export const setUnits = endpoint<{
  params: typeof access.PersonParams
  body: typeof access.UnitsInput
  reply: typeof Done
}>('PUT', '/api/trust/access/people/:personId/units')
export const closePerson = endpoint<{
  params: typeof access.PersonParams
  body: typeof access.ReasonInput
  reply: typeof Done
}>('PUT', '/api/trust/access/people/:personId/closure')
export const newPassword = endpoint<{ params: typeof access.PersonParams; reply: typeof access.OneTimePassword }>(
  'POST',
  '/api/trust/access/people/:personId/passwords',
)
export const sessions = endpoint<{ params: typeof access.PersonParams; reply: typeof access.Sessions }>(
  'GET',
  '/api/trust/access/people/:personId/sessions',
)
export const endSessions = endpoint<{
  params: typeof access.PersonParams
  body: typeof access.ReasonInput
  reply: typeof Done
}>('PUT', '/api/trust/access/people/:personId/sessions/end')
export const keys = endpoint<{ reply: typeof access.Keys }>('GET', '/api/trust/access/keys')
export const addKey = endpoint<{ body: typeof access.NewKey; reply: typeof access.NewKeyReply }>(
  'POST',
  '/api/trust/access/keys',
)
export const revokeKey = endpoint<{
  params: typeof access.KeyParams
  body: typeof access.ReasonInput
  reply: typeof Done
}>('PUT', '/api/trust/access/keys/:keyId/revocation')
