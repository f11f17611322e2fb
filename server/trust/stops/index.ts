import { conflict, forbidden, invalid, notFound } from '#platform/errors'
import { isInTransaction, type Runtime, transaction } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { record } from '#trust/audit'
import { activeRevision, documentsOf, nearest, onLook } from '#trust/playbook'
import * as store from './store.ts'

export { invariants } from './check.ts'
export { routes } from './routes.ts'
export { listStops, readStops as stopsNow, type StopRow, type StopScope, type Stops } from './store.ts'

/** What a server believes for at most this long without asking the database again. */
export const FRESH_MS = 1000

interface Known {
  stops: store.Stops
  /** Monotonic milliseconds when the database was last asked. */
  askedMs: number
  asking: Promise<void> | undefined
}

// One server process is one runtime, and all of that runtime's transactions share its configuration.
const servers = new WeakMap<object, Known>()

const NOTHING_KNOWN: store.Stops = {
  version: -1,
  everything: true,
  actions: new Set(),
  templates: new Set(),
  channels: new Set(),
}

function knownOf(rt: Runtime): Known {
  let known = servers.get(rt.config)
  if (!known) {
    known = { stops: NOTHING_KNOWN, askedMs: Number.NEGATIVE_INFINITY, asking: undefined }
    servers.set(rt.config, known)
  }
  return known
}

/** Asks the database now what is stopped, and remembers it. */
export async function refreshStops(rt: Runtime): Promise<void> {
  // What a transaction sees may yet be rolled back: nobody else may come to believe it.
  if (isInTransaction(rt)) return
  const known = knownOf(rt)
  // Time is taken before the question: an answer that was long under way must not pass for a fresh one.
  const askedMs = performance.now()
  const stops = await store.readStops(rt.db)
  if (stops.version >= known.stops.version) known.stops = stops
  known.askedMs = Math.max(known.askedMs, askedMs)
}

// Whoever follows the playbook keeps this fresh as well, so that no request has to ask.
onLook('trust/stops', refreshStops)

/**
 * What is stopped: read from memory, at most a second old, even after this process was paused. An input of every
 * decision. Throws what the database throws when it can't be asked: nothing is decided on stops that may be old.
 */
export async function stops(rt: Runtime): Promise<store.Stops> {
  const known = knownOf(rt)
  if (performance.now() - known.askedMs <= FRESH_MS) return known.stops
  if (isInTransaction(rt)) return store.readStops(rt.db)
  known.asking ??= refreshStops(rt).finally(() => {
    known.asking = undefined
  })
  await known.asking
  return known.stops
}

/** Whether an action by this channel, with this template, must not go out now. */
export const isStopped = (
  stopped: store.Stops,
  what: { action?: string; template?: string; channel?: string },
): boolean =>
  stopped.everything ||
  (what.action !== undefined && stopped.actions.has(what.action)) ||
  (what.template !== undefined && stopped.templates.has(what.template)) ||
  (what.channel !== undefined && stopped.channels.has(what.channel))

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
  await mustExist(rt, scope, target)
  const stopId = rt.ids.next()
  const version = await transaction(rt, async (rt) => {
    await store.insertStop(rt.db, { stopId, scope, target, reason, stoppedBy: actor.id, stoppedAt: rt.clock.now() })
    await record(rt, { actor, action: 'trust.stops:stopped', subject: stopId, reason, facts: { scope, target } })
    return store.countStopsVersion(rt.db)
  })
  await refreshStops(rt)
  return { stopId, version }
}

// A brake that is pulled on a name that doesn't exist stops nothing, and nobody notices.
async function mustExist(rt: Runtime, scope: store.StopScope, target: string): Promise<void> {
  if (scope === 'everything') {
    if (target === '') return
    throw invalid('stop_target', { scope, target }, 'Everything has no target.', 'Leave the target out.')
  }
  const known = documentsOf(await activeRevision(rt), scope).map(({ id }) => id)
  if (target !== '' && (known.length === 0 || known.includes(target))) return
  throw invalid(
    'stop_target',
    { scope, target, known: known.slice(0, 50) },
    `There is no ${scope} "${target}".${nearest(target, known)}`,
    `Name the ${scope} as the playbook does, or stop everything.`,
  )
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
  await refreshStops(rt)
  return { version }
}

async function inForce(rt: Runtime, stopId: string): Promise<store.StopRow> {
  const [row] = await store.listStops(rt.db, { all: true, stopId })
  if (!row) throw notFound('stop_not_found', { stopId }, 'There is no such stop.', 'Look at the list of stops.')
  if (row.confirmedAt) throw conflict('stop_over', { stopId }, 'This stop is over already.', '')
  return row
}
