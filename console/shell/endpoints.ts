import type { Done } from '#platform/http/contract'
import type * as access from '#trust/access/contract'
import type * as playbook from '#trust/playbook/contract'
import type * as savedViews from '#trust/views/contract'
import { endpoint } from './api.ts'

/** What the shell itself asks of the server. */
export const waysIn = endpoint<{ reply: typeof access.WaysIn }>('GET', '/api/trust/access/ways-in')
export const me = endpoint<{ reply: typeof access.MeReply }>('GET', '/api/trust/access/me')
export const signIn = endpoint<{ body: typeof access.SignIn; reply: typeof access.SignedIn }>(
  'POST',
  '/api/trust/access/sessions',
)
export const signOut = endpoint<{ reply: typeof Done }>('DELETE', '/api/trust/access/sessions/current')
export const changePassword = endpoint<{ body: typeof access.PasswordChange; reply: typeof access.SignedIn }>(
  'PUT',
  '/api/trust/access/me/password',
)
export const running = endpoint<{ reply: typeof playbook.RunningReply }>('GET', '/api/trust/playbook/running')
export const drafts = endpoint<{ reply: typeof playbook.DraftsReply }>('GET', '/api/trust/playbook/drafts')
export const views = endpoint<{ query: typeof savedViews.ViewsQuery; reply: typeof savedViews.ViewsReply }>(
  'GET',
  '/api/trust/views',
)
export const saveView = endpoint<{
  params: typeof savedViews.ViewParams
  body: typeof savedViews.ViewBody
  reply: unknown
}>('PUT', '/api/trust/views/:viewId')
export const removeView = endpoint<{ params: typeof savedViews.ViewParams; reply: unknown }>(
  'DELETE',
  '/api/trust/views/:viewId',
)
export const names = endpoint<{ query: typeof access.NamesQuery; reply: typeof access.Names }>(
  'GET',
  '/api/trust/access/names',
)
