import { openBank } from '#app/bank'
import { wire } from '#app/modules'
import { argument, optionOf, table, type Verb } from '#app/verb'
import { invalid } from '#platform/errors'
import { isId } from '#platform/runtime'
import { systemActor } from '#trust/access'
import { activateFolder, diffFolder, findingText, hasErrors, pull, push, testFolder } from '#trust/playbook'
import { APPROVAL_DOES, activateApproved, approval } from './approval.ts'
import { asPerson } from './sign-in.ts'

const FOLDER_DOES = ['test', 'diff', 'pull', 'push', 'activate'] as const
const DOES = [...FOLDER_DOES, ...APPROVAL_DOES] as const

export const playbook: Verb = {
  name: 'playbook',
  usage: `playbook ${DOES.join('|')} FOLDER|DRAFT`,
  sentence: 'a folder of documents, what runs, and drafts: one person makes them, another approves, then they run',
  options: {
    title: { type: 'string', sentence: 'of the draft that push makes' },
    reason: { type: 'string', sentence: 'why, for the draft that push or undo makes' },
    as: {
      type: 'string',
      sentence: 'the login of the person who does it (push, approve, activate APPROVAL, undo SEQUENCE)',
    },
    revision: { type: 'string', sentence: 'what review showed, for approve' },
    effects: { type: 'boolean', sentence: 'review also works out whom it would concern' },
  },
  async run(call) {
    const does = argument(call, 0, 'what to do', 'playbook')
    if (!(DOES as readonly string[]).includes(does))
      throw invalid(
        'playbook_verb',
        { found: does, known: DOES },
        `playbook cannot "${does}".`,
        `Say one of ${DOES.join(', ')}.`,
      )
    wire()
    const approving = APPROVAL_DOES.find((known) => known === does)
    if (approving) {
      const bank = await openBank({ dataDir: call.dataDir })
      return approval(approving, call, bank.rt).finally(() => bank.close())
    }
    const folder = argument(call, 1, 'a folder', 'playbook')
    if (does === 'test') {
      const { documents, revision, findings, cases } = await testFolder(folder)
      const results = cases.flatMap((c) =>
        c.results.map((result) => ({ ...result, kind: c.kind, id: c.id, file: c.file })),
      )
      const failed = results.filter((result) => !result.passed)
      call.answer(
        { documents, revision, findings, cases: results.length, failed },
        [
          `${documents} documents, revision ${revision.slice(0, 12)}`,
          ...findings.map(findingText),
          ...failed.map((r) => `${r.file}: case "${r.name}": found ${r.found}, expected ${r.expected}`),
          `${findings.length} finding${findings.length === 1 ? '' : 's'}; ${hasErrors(findings) ? 'cases are tried when they are mended' : `${results.length - failed.length} of ${results.length} cases as expected`}`,
        ].join('\n'),
      )
      return hasErrors(findings) || failed.length > 0 ? 1 : 0
    }
    const bank = await openBank({ dataDir: call.dataDir })
    const actor = systemActor('command line')
    try {
      if (does === 'diff') {
        const { changes, text, findings } = await diffFolder(bank.rt, folder)
        call.answer({ changes, findings }, [text || 'Nothing differs.', ...findings.map(findingText)].join('\n'))
        return hasErrors(findings) ? 1 : 0
      }
      if (does === 'pull') {
        const { revision, written, removed, unchanged } = await pull(bank.rt, folder)
        call.answer(
          { revision, written, removed, unchanged },
          `Revision ${revision.slice(0, 12)}: ${written.length} files written, ${removed.length} removed, ${unchanged} as they were.`,
        )
        return 0
      }
      if (does === 'activate' && isId(folder)) return await activateApproved(call, bank.rt, folder)
      if (does === 'activate') {
        const revision = await activateFolder(bank.rt, folder, actor)
        const taken = (await testFolder(folder)).revision === revision.id
        call.answer(
          { revision: revision.id, sequence: revision.sequence, taken },
          taken
            ? `Revision ${revision.id.slice(0, 12)} runs.`
            : `Revision ${revision.id.slice(0, 12)} runs already; the folder was not taken. Push it as a draft: another person approves it.`,
        )
        return taken ? 0 : 1
      }
      const draft = {
        title: optionOf(call, 'title') ?? `From ${folder}`,
        reason: optionOf(call, 'reason') ?? 'Pushed from a folder',
      }
      const { draftId, changes, findings } = await asPerson(
        bank.rt,
        optionOf(call, 'as'),
        'trust.playbook:draft',
        (person) => push(bank.rt, folder, draft, person),
      )
      call.answer(
        { draftId: draftId ?? null, changes, findings },
        [
          ...findings.map(findingText),
          draftId
            ? `Draft ${draftId} with ${changes.length} changes waits for a second person.\n${table(
                ['kind', 'id', 'change'],
                changes.map((c) => [c.kind, c.id, c.change]),
              )}`
            : hasErrors(findings)
              ? 'No draft was made: mend the findings first.'
              : 'Nothing differs from what runs.',
        ].join('\n'),
      )
      return hasErrors(findings) ? 1 : 0
    } finally {
      await bank.close()
    }
  },
}
