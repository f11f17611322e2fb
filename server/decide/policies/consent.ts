import type { Treatment } from '#decide/propositions'
import { type Reason, VERDICTS } from './verdict.ts'

/** Consents as a decision sees them. What is unknown is false: consent fails closed. */
export interface ConsentFacts {
  /** Channels (email, sms, push, call, post) through which the customer agreed to hear marketing. */
  readonly marketing: readonly string[]
  /** Objected to direct marketing: ends it everywhere, in the app and on the web too. */
  readonly marketingObjected: boolean
  /** Objected to being profiled for marketing: ends choosing offers by profile, not only sending. */
  readonly profilingObjected: boolean
  /** Agreed that what they pay to whom may prompt an offer. */
  readonly paymentData: boolean
  /** Channels whose address is suppressed (an opt-out by address binds all who share it). */
  readonly suppressed: readonly string[]
}

export const NO_CONSENTS: ConsentFacts = {
  marketing: [],
  marketingObjected: true,
  profilingObjected: true,
  paymentData: false,
  suppressed: [],
}

/** Marketing needs its consents; regulatory, service and care messages do not. */
export function consentVerdict(treatment: Treatment, consents: ConsentFacts, trace?: Reason[]): number {
  if (treatment.class !== 'marketing') return 0
  let verdict = 0
  const leaveOut = (clause: string, title: string, found: string, needed: string): void => {
    verdict = VERDICTS.consent
    trace?.push({ stage: 'consent', level: 'always', clause, title, found, needed })
  }
  const channel = treatment.channel.consent
  if (consents.marketingObjected) leaveOut('marketing_objection', 'Objection to marketing', 'objected', 'no objection')
  if (consents.profilingObjected)
    leaveOut('profiling_objection', 'Objection to profiling for marketing', 'objected', 'no objection')
  if (channel !== 'none' && !consents.marketing.includes(channel))
    leaveOut('channel_consent', `Consent to marketing by ${channel}`, 'not given', 'given')
  if (channel !== 'none' && consents.suppressed.includes(channel))
    leaveOut('address_suppressed', `Address for ${channel} suppressed`, 'suppressed', 'not suppressed')
  if (treatment.action.document.paymentTriggered && !consents.paymentData)
    leaveOut('payment_data_consent', 'Consent to the use of payment data', 'not given', 'given')
  return verdict
}
