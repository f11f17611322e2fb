import { conflict, forbidden, invalid, notFound } from '#platform/errors'
import { type Runtime, transaction } from '#platform/runtime'
import { type Actor, isRole, ROLES } from '#trust/access'
import type { View, ViewBody } from './contract.ts'
import * as store from './store.ts'

export { routes } from './routes.ts'

/** As many as a person finds their way in; the oldest habit is removed by hand. */
export const VIEWS_MAX = 200

function personOf(actor: Actor): string {
  if (actor.kind === 'person') return actor.id
  throw forbidden('views_are_of_people', {}, 'Only people have saved views.', 'Sign in as a person.')
}

/** A person's own views and those shared with a role of theirs. */
export async function listViews(rt: Runtime, actor: Actor, page?: string): Promise<View[]> {
  const personId = personOf(actor)
  return (await store.viewsFor(rt.db, personId, actor.roles, page)).map(({ personId: owner, savedAt, ...view }) => ({
    ...view,
    own: owner === personId,
    savedAt: savedAt.toISOString(),
  }))
}

/**
 * Saves a view under an id that its page chose, anew or over the earlier one.
 * Errors: `view_name_taken`, `too_many_views` (conflict), `role_unknown` (invalid), `no_such_view` (somebody else's).
 */
export function saveView(rt: Runtime, viewId: string, view: ViewBody, actor: Actor): Promise<void> {
  const personId = personOf(actor)
  if (view.sharedWith != null && !isRole(view.sharedWith))
    throw invalid('role_unknown', { found: view.sharedWith, expected: ROLES }, 'There is no such role.', 'Name a role.')
  return transaction(rt, async (rt) => {
    const owner = await store.ownerOf(rt.db, viewId)
    if (owner !== undefined && owner !== personId) throw notYours(viewId)
    if (owner === undefined && (await store.countOwn(rt.db, personId)) >= VIEWS_MAX)
      throw conflict('too_many_views', { viewsMax: VIEWS_MAX }, 'You have as many views as can be kept.', 'Remove one.')
    if (!(await store.putView(rt.db, { ...view, viewId, personId, savedAt: rt.clock.now() })))
      throw conflict(
        'view_name_taken',
        { page: view.page },
        'You have a view of this name on this page.',
        'Choose another name, or save over that one.',
      )
  })
}

const notYours = (viewId: string) =>
  notFound('no_such_view', { viewId }, 'You have no such view.', 'Save it as one of your own.')

/** Removes one of the person's own views. Errors: `no_such_view` (not found). */
export async function removeView(rt: Runtime, viewId: string, actor: Actor): Promise<void> {
  const removed = await store.removeView(rt.db, viewId, personOf(actor))
  if (removed.count === 0) throw notYours(viewId)
}
