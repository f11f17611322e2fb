import { argument, type Call, optionOf, table } from '#app/verb'
import { invalid } from '#platform/errors'
import { isId, type Runtime } from '#platform/runtime'
import { activate, approve, findingText, hasErrors, history, review, undo } from '#trust/playbook'
import { asPerson } from './sign-in.ts'

/** What `playbook` does with drafts; `undefined` when it is none of these. */
export const APPROVAL_DOES = ['review', 'approve', 'undo', 'history'] as const

function draftOf(call: Call): string {
  const draftId = argument(call, 1, 'a draft', 'playbook')
  if (isId(draftId)) return draftId
  throw invalid(
    'draft_id',
    { found: draftId },
    `"${draftId}" is not the id of a draft.`,
    'Take it from the answer of push.',
  )
}

async function showReview(call: Call, rt: Runtime): Promise<number> {
  const seen = await review(rt, draftOf(call), { effects: call.options.effects === true })
  const failed = seen.cases.flatMap(({ file, results }) =>
    results.filter((result) => !result.passed).map((result) => ({ file, ...result })),
  )
  call.answer(
    { ...seen, cases: seen.cases.flatMap(({ results }) => results).length, failed },
    [
      `${seen.draft.title}: ${seen.draft.reason}`,
      seen.text.trimEnd(),
      ...seen.conflicts.map(({ kind, id }) => `conflict: somebody else has changed ${kind} ${id}`),
      ...seen.findings.map(findingText),
      ...failed.map((r) => `${r.file}: case "${r.name}": found ${r.found}, expected ${r.expected}`),
      ...seen.effects.map(({ text }) => text),
      `revision ${seen.revision}`,
    ].join('\n'),
  )
  return seen.conflicts.length > 0 || hasErrors(seen.findings) || failed.length > 0 ? 1 : 0
}

async function giveApproval(call: Call, rt: Runtime): Promise<number> {
  const draftId = draftOf(call)
  const revision = optionOf(call, 'revision')
  if (revision === undefined)
    throw invalid(
      'revision_missing',
      { option: '--revision' },
      'An approval is for exactly what was reviewed.',
      'Say --revision with the revision that the review showed.',
    )
  const as = optionOf(call, 'as')
  const approvalId = await asPerson(rt, as, 'trust.playbook:approve', (actor) =>
    approve(rt, draftId, { revision }, actor),
  )
  call.answer({ approvalId }, `Approved. To make it run: ./clientele playbook activate ${approvalId} --as LOGIN`)
  return 0
}

async function draftUndo(call: Call, rt: Runtime): Promise<number> {
  const text = argument(call, 1, 'the sequence of an activation', 'playbook')
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw invalid('sequence', { found: text }, `"${text}" is not a sequence.`, 'See ./clientele playbook history.')
  const reason = optionOf(call, 'reason')
  if (!reason) throw invalid('reason_missing', { option: '--reason' }, 'An undo has a reason.', 'Say --reason TEXT.')
  const draftId = await asPerson(rt, optionOf(call, 'as'), 'trust.playbook:draft', (actor) =>
    undo(rt, Number(text), reason, actor),
  )
  call.answer({ draftId }, `Draft ${draftId} takes it back; it waits for a second person.`)
  return 0
}

async function showHistory(call: Call, rt: Runtime): Promise<number> {
  const activations = await history(rt, 50)
  call.answer(
    { activations },
    table(
      ['sequence', 'revision', 'activated', 'title', 'changes'],
      activations.map((row) => [
        row.sequence,
        row.revision.slice(0, 12),
        row.activatedAt.toISOString().slice(0, 16),
        row.title ?? 'the first playbook',
        row.changes.length,
      ]),
    ),
  )
  return 0
}

/** Reviews, approves, undoes or lists. */
export function approval(does: (typeof APPROVAL_DOES)[number], call: Call, rt: Runtime): Promise<number> {
  if (does === 'review') return showReview(call, rt)
  if (does === 'approve') return giveApproval(call, rt)
  return does === 'undo' ? draftUndo(call, rt) : showHistory(call, rt)
}

/** Makes an approved revision run. */
export async function activateApproved(call: Call, rt: Runtime, approvalId: string): Promise<number> {
  const sequence = await asPerson(rt, optionOf(call, 'as'), 'trust.playbook:activate', (actor) =>
    activate(rt, approvalId, actor),
  )
  call.answer({ sequence }, `It runs, as activation ${sequence}.`)
  return 0
}
