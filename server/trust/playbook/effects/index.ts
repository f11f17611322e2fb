import { conflict, notFound } from '#platform/errors'
import { cancelJob, enqueue, findJob, type Job, type JobRow } from '#platform/jobs'
import type { Runtime } from '#platform/runtime'
import { inTurns } from '../events.ts'
import { type Effect, effectsOf } from '../registrations.ts'
import { candidateOf } from '../review.ts'
import { readDraft } from '../store.ts'
import { hasErrors, validating } from '../validate.ts'

const EFFECT_JOB = 'trust/playbook effect'

interface Asked {
  draftId: string
  whole: boolean
}
interface Progress {
  done: number
  total: number
  beganAt: string
}

async function candidate(rt: Runtime, draftId: string) {
  const draft = await readDraft(rt.db, draftId)
  if (!draft) throw notFound('draft_not_found', { draftId }, 'There is no such draft.', 'Look at the list of drafts.')
  return candidateOf(rt, draft)
}

/**
 * Begins to work out, in the background, what a draft would do to customers; asked again for the same state of things
 * it is the same work. Answers its id. Errors: `draft_conflicts`, `draft_has_errors` (conflict).
 */
export async function askEffect(rt: Runtime, { draftId, whole }: Asked): Promise<string> {
  const { conflicts, written, revision, active } = await candidate(rt, draftId)
  if (conflicts.length > 0)
    throw conflict(
      'draft_conflicts',
      { draftId, conflicts },
      'Somebody else has changed a document of this draft since it began.',
      'Write these documents anew from what runs now.',
    )
  const findings = await inTurns(validating(written))
  if (hasErrors(findings))
    throw conflict(
      'draft_has_errors',
      { draftId, findings: findings.slice(0, 50) },
      'This draft has errors.',
      'Correct what the findings name.',
    )
  const key = `${draftId} ${revision.id} ${active.sequence} ${whole}`
  return enqueue(rt, EFFECT_JOB, { draftId, whole }, { key, attemptsMax: 2 })
}

async function jobOf(rt: Runtime, draftId: string, effectId: string): Promise<JobRow> {
  const job = await findJob(rt, effectId)
  if (job.name === EFFECT_JOB && (job.payload as Asked).draftId === draftId) return job
  throw notFound('no_such_effect', { effectId }, 'No effect of this draft was asked for under this id.', 'Ask for one.')
}

/** How far the work is, and when it is done what it found. */
export async function effectNow(rt: Runtime, draftId: string, effectId: string) {
  const job = await jobOf(rt, draftId, effectId)
  const progress = job.progress as Progress | null
  const result = job.result as { revision: string; effects: Effect[] } | null
  const elapsedMs = progress ? rt.clock.now().getTime() - Date.parse(progress.beganAt) : 0
  const left =
    progress && progress.done > 0 && job.state === 'running'
      ? Math.ceil(((elapsedMs / progress.done) * (progress.total - progress.done)) / 1000)
      : null
  return {
    state: job.state,
    done: progress?.done ?? 0,
    total: progress?.total ?? null,
    secondsLeft: left,
    revision: result?.revision ?? null,
    effects: result?.effects ?? null,
  }
}

export async function cancelEffect(rt: Runtime, draftId: string, effectId: string): Promise<void> {
  await jobOf(rt, draftId, effectId)
  await cancelJob(rt, effectId)
}

const PROGRESS_MS = 500

export const jobs: Job[] = [
  {
    name: EFFECT_JOB,
    attemptsMax: 2,
    handle: async (rt, { draftId, whole }: Asked, { signal, progress }) => {
      const { active, revision } = await candidate(rt, draftId)
      const beganAt = rt.clock.now().toISOString()
      let saidMs = Number.NEGATIVE_INFINITY
      const effects = await effectsOf(rt, { from: active, to: revision }, signal, {
        whole,
        progress: async (done, total) => {
          const nowMs = performance.now()
          if (nowMs - saidMs < PROGRESS_MS && done < total) return
          saidMs = nowMs
          await progress({ done, total, beganAt } satisfies Progress)
        },
      })
      return { revision: revision.id, effects }
    },
  },
]
