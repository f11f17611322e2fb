import type { Outbound, Purpose, State } from '#trust/consents/contract'
import type { MyStatement } from './contract.ts'

/**
 * What a switch of the preference centre says in law. Saying no to marketing as such, or to profiling, is an
 * objection; taking back what was given is a withdrawal. Pure.
 */
export function sayingOf(
  choice: MyStatement['choice'],
  agreed: boolean,
): { purpose: Purpose; channel: Outbound | 'all'; state: State } {
  if (choice === 'marketing' || choice === 'profiling')
    return { purpose: choice, channel: 'all', state: agreed ? 'given' : 'objected' }
  if (choice === 'payment_data') return { purpose: choice, channel: 'all', state: agreed ? 'given' : 'withdrawn' }
  return { purpose: 'marketing', channel: choice as Outbound, state: agreed ? 'given' : 'withdrawn' }
}
