import { conflict, forbidden, notFound } from '#platform/errors'
import { type Runtime, transaction } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { record } from '#trust/audit'
import { refresh } from '../running.ts'
import * as store from './store.ts'

const person = (actor: Actor): string => {
  if (actor.kind === 'person') return actor.id
  throw forbidden(
    'starting_takes_people',
    { actor: actor.id },
    'Only people can let something start again.',
    'Sign in as a person.',
  )
}

/**
 * Stops an action, a template, a channel, or everything: one authorised person is enough. In force on every server
 * within seconds. Returns the id of the stop and the version that decisions carry from here on.
 */
export async function stop(
  rt: Runtime,
  what: { scope: store.StopScope; target?: string; reason: string },
  actor: Actor,
): Promise<{ stopId: string; version: number }> {
  const { scope, target = '', reason } = what
  const stopId = rt.ids.next()
  const version = await transaction(rt, async (rt) => {
    await store.insertStop(rt.db, { stopId, scope, target, reason, stoppedBy: actor.id, stoppedAt: rt.clock.now() })
    await record(rt, { actor, action: 'trust.stops:stopped', subject: stopId, reason, facts: { scope, target } })
    return store.countStopsVersion(rt.db)
  })
  await refresh(rt)
  return { stopId, version }
}

/** The first of two people who let it start again. */
export async function proposeRestart(rt: Runtime, stopId: string, reason: string, actor: Actor): Promise<void> {
  const proposedBy = person(actor)
  await transaction(rt, async (rt) => {
    await inForce(rt, stopId)
    const restartId = rt.ids.next()
    const proposed = await store.insertRestart(rt.db, {
      restartId,
      stopId,
      reason,
      proposedBy,
      proposedAt: rt.clock.now(),
    })
    if (!proposed)
      throw conflict(
        'restart_proposed',
        { stopId },
        'Somebody has proposed this already.',
        'Confirm it, as another person.',
      )
    await record(rt, { actor, action: 'trust.stops:restart_proposed', subject: stopId, reason })
  })
}

/** The second: from here on the stop is over. Returns the new version of the stops. */
export async function confirmRestart(rt: Runtime, stopId: string, actor: Actor): Promise<{ version: number }> {
  const confirmedBy = person(actor)
  const version = await transaction(rt, async (rt) => {
    const row = await inForce(rt, stopId)
    if (!row.restart)
      throw conflict(
        'restart_not_proposed',
        { stopId },
        'Nobody has proposed to start this again.',
        'Propose it; another person then confirms.',
      )
    if (row.restart.proposedBy === confirmedBy) {
      throw forbidden(
        'starting_again_takes_two',
        { stopId, proposedBy: confirmedBy },
        'Who proposed it cannot confirm it.',
        'Ask a colleague.',
      )
    }
    if (!(await store.insertConfirmation(rt.db, { stopId, confirmedBy, confirmedAt: rt.clock.now() }))) {
      throw conflict('stop_over', { stopId }, 'This stop is over already.', '')
    }
    await record(rt, {
      actor,
      action: 'trust.stops:restarted',
      subject: stopId,
      facts: { proposedBy: row.restart.proposedBy },
    })
    return store.countStopsVersion(rt.db)
  })
  await refresh(rt)
  return { version }
}

async function inForce(rt: Runtime, stopId: string): Promise<store.StopRow> {
  const [row] = await store.listStops(rt.db, { all: true, stopId })
  if (!row) throw notFound('stop_not_found', { stopId }, 'There is no such stop.', 'Look at the list of stops.')
  if (row.confirmedAt) throw conflict('stop_over', { stopId }, 'This stop is over already.', '')
  return row
}
