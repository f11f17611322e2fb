import type { ActionDocument } from '#decide/propositions/contract'
import type { ExtraCheck, Finding, Kind } from '#trust/playbook'
import { OutcomeDocument } from './contract.ts'

/** The kinds of document that this module brings to the playbook. */
export const kinds: Kind[] = [{ kind: 'outcome', folder: 'outcomes', schema: OutcomeDocument }]

/**
 * An accepted action rests until its outcome is known: one that has none rests a year without anybody having said so.
 * It must be measured, or say why not.
 */
const checkMeasured: ExtraCheck<never> = {
  name: 'learn/outcomes:measured',
  kind: 'action',
  check(action: ActionDocument, _set, tools): Finding[] {
    if (action.nothing) return []
    const measured = tools.once('learn/outcomes', () => {
      const outcomes = tools.all('outcome') as unknown as readonly OutcomeDocument[]
      return new Set(outcomes.flatMap(({ actions }) => actions))
    })
    const { unmeasured } = action
    if (measured.has(action.id) === (unmeasured === undefined)) return []
    if (unmeasured !== undefined)
      return [
        tools.finding(['unmeasured'], {
          found: 'an outcome as well',
          expected: 'an outcome, or why there is none',
          message: `An outcome measures "${action.id}", so it cannot say that none does.`,
          severity: 'warning',
        }),
      ]
    return [
      tools.finding([], {
        found: 'no outcome',
        expected: 'an outcome document that names it, or unmeasured',
        message: `Nothing measures "${action.id}": nobody learns what it changes, and as marketing it rests a year once accepted. Name it in an outcome, or say why not in unmeasured.`,
        severity: 'warning',
      }),
    ]
  },
} as ExtraCheck<never>

/** What this module checks in documents of lower layers. */
export const checks: ExtraCheck<never>[] = [checkMeasured]
