import { conflict, invalid, isProblem, notFound } from '#platform/errors'
import { type Runtime, transaction } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { record } from '#trust/audit'
import { revisionHash } from './canonical.ts'
import type { Written } from './document.ts'
import { inTurns, pauseMs, serverOf, tellActivated } from './events.ts'
import { type Revision, setOf } from './kind.ts'
import { registeredPreparations } from './registrations.ts'
import { saveSet, writtenSet } from './review.ts'
import { refresh, revisionById } from './running.ts'
import * as store from './store.ts'
import { findingText, hasErrors, validating } from './validate.ts'

/** A server that was not seen for this long is taken for gone: it reads what runs before it decides again. */
export const ALIVE_SECONDS = 10

/** Makes this server ready to run a revision. Throws `cannot_prepare` with the reason. */
export async function prepareHere(rt: Runtime, revision: Revision): Promise<void> {
  // A server of an older build may not know a kind or a field that the approving one knew.
  const written = writtenSet(revision.documents, new Map())
  const errors = (await inTurns(validating(written))).filter((finding) => finding.severity === 'error')
  if (errors.length > 0) {
    throw conflict(
      'cannot_prepare',
      { revision: revision.id, findings: errors.slice(0, 10) },
      `This server can't read the revision: ${findingText(errors[0]!)}`,
      'Bring every server to the same build.',
    )
  }
  for (const [name, prepare] of registeredPreparations()) {
    await prepare(rt, revision).catch((error: unknown) => {
      const why = isProblem(error) ? `${error.message} ${error.next}` : String(error)
      throw conflict(
        'cannot_prepare',
        { revision: revision.id, part: name },
        `${name} can't be made ready: ${why}`,
        'Correct the document or the server named, then activate again.',
        error,
      )
    })
  }
}

/** Prepares the revisions that wait for it and says so, for a server with a heartbeat. */
export async function prepareWaiting(rt: Runtime, serverId: string, done: Set<string>): Promise<void> {
  for (const { revision } of await store.readWaiting(rt.db)) {
    if (done.has(revision)) continue
    let state: 'prepared' | 'failed' = 'prepared'
    let reason = ''
    try {
      await prepareHere(rt, await revisionById(rt, revision))
    } catch (error) {
      state = 'failed'
      reason = error instanceof Error ? error.message.slice(0, 2000) : String(error)
      rt.log.warn({ revision, reason }, 'this server cannot prepare a playbook revision')
    }
    await store.savePreparation(rt.db, { revision, serverId, state, reason })
    done.add(revision)
  }
}

/**
 * Makes an approved revision run, everywhere at once: every server that lives must have prepared it first. Waits up
 * to `waitMs` for them. Throws `server_cannot_prepare` or `servers_not_ready` naming the servers, `approval_overtaken`
 * when something else was activated since. Returns the sequence; every server runs it within a second.
 */
export async function activate(
  rt: Runtime,
  approvalId: string,
  actor: Actor,
  options: { waitMs?: number } = {},
): Promise<number> {
  const approval = await store.readApproval(rt.db, approvalId)
  if (!approval) throw notFound('approval_not_found', { approvalId }, 'There is no such approval.', 'Review the draft.')
  const { revision } = approval
  await ensureCurrent(rt, approval)
  // A server that follows the playbook has prepared it, or is about to, beside its other work; a command has not.
  if (serverOf(rt) === undefined) await prepareHere(rt, await revisionById(rt, revision))
  await store.forgetFailures(rt.db, revision)
  await everyServerReady(rt, revision, options.waitMs ?? 30_000)
  const sequence = approval.ontoSequence + 1
  await transaction(rt, async (rt) => {
    await store.lockActivations(rt.db)
    await ensureCurrent(rt, approval)
    await store.insertActivation(rt.db, {
      sequence,
      revision,
      approvalId,
      activatedBy: actor.id,
      activatedAt: rt.clock.now(),
    })
    await record(rt, {
      actor,
      action: 'trust.playbook:activated',
      subject: approval.draftId,
      facts: { revision, sequence },
    })
    await tellActivated(rt, { sequence, revision, draftId: approval.draftId, activatedBy: actor.id })
  })
  await refresh(rt)
  return sequence
}

async function ensureCurrent(rt: Runtime, approval: store.ApprovalRow): Promise<void> {
  const { sequence } = await store.readState(rt.db)
  if (sequence === approval.ontoSequence) return
  throw conflict(
    'approval_overtaken',
    { approvalId: approval.approvalId, approvedOnto: approval.ontoSequence, running: sequence },
    'Something else was activated since this was approved.',
    'Review and approve the draft again: it is merged with what runs now.',
  )
}

async function everyServerReady(rt: Runtime, revision: string, waitMs: number): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += 100) {
    const servers = await store.readServers(rt.db, revision, ALIVE_SECONDS)
    const failed = servers.filter((server) => server.state === 'failed')
    if (failed.length > 0) {
      throw conflict(
        'server_cannot_prepare',
        { revision, servers: failed.map(({ name, reason }) => ({ name, reason })) },
        `${failed.map((server) => server.name).join(', ')} can't prepare this revision: ${failed[0]!.reason}`,
        'Correct what it names, or stop that server, then activate again.',
      )
    }
    const waiting = servers.filter((server) => server.state === 'waiting')
    if (waiting.length === 0) return
    if (waitedMs >= waitMs) {
      throw conflict(
        'servers_not_ready',
        { revision, servers: waiting.map(({ name }) => ({ name })), waitedMs },
        `${waiting.map((server) => server.name).join(', ')} has not said whether it can run this revision.`,
        `Activate again in a moment; a server that stays silent for ${ALIVE_SECONDS} s no longer counts.`,
      )
    }
    await pauseMs(100)
  }
}

/**
 * The very first playbook of an empty bank, activated by one administrator and recorded as such; there is nobody yet
 * who could be a second person. Ever after it takes two. Throws `playbook_exists` when the bank has one,
 * `playbook_has_errors` with the findings. Returns the revision that runs.
 */
export async function activateFirst(rt: Runtime, written: readonly Written[], actor: Actor): Promise<Revision> {
  const findings = await inTurns(validating(written))
  if (hasErrors(findings)) {
    const errors = findings.filter((finding) => finding.severity === 'error')
    throw invalid(
      'playbook_has_errors',
      { findings: errors.slice(0, 50) },
      `The playbook has ${errors.length} errors; the first: ${findingText(errors[0]!)}`,
      'Correct them: clientele playbook test FOLDER lists them all.',
    )
  }
  const documents = setOf(written.map(({ document }) => document!))
  const revision: Revision = { id: revisionHash(documents), documents, sequence: 1 }
  await prepareHere(rt, revision)
  await transaction(rt, async (rt) => {
    await store.lockActivations(rt.db)
    const running = await store.readState(rt.db)
    if (running.sequence > 0) {
      throw conflict(
        'playbook_exists',
        { sequence: running.sequence, revision: running.revision },
        'This bank has a playbook already.',
        'Push your changes as a draft: clientele playbook push FOLDER.',
      )
    }
    await saveSet(rt, revision, written)
    await store.insertActivation(rt.db, {
      sequence: 1,
      revision: revision.id,
      approvalId: null,
      activatedBy: actor.id,
      activatedAt: rt.clock.now(),
    })
    await record(rt, {
      actor,
      action: 'trust.playbook:first_activated',
      subject: revision.id,
      facts: { documents: written.length },
    })
  })
  await refresh(rt)
  return revision
}

/** What ran, the newest first, with who made, approved and activated it, and which documents it changed. */
export async function history(
  rt: Runtime,
  limit: number,
): Promise<(store.ActivationRow & { changes: store.ChangeRow[] })[]> {
  const rows = await store.readHistory(rt.db, limit)
  const changes = await store.readHistoryChanges(
    rt.db,
    rows.map((row) => row.sequence),
  )
  const bySequence = Map.groupBy(changes, (change) => change.sequence)
  return rows.map((row) => ({ ...row, changes: bySequence.get(row.sequence) ?? [] }))
}
