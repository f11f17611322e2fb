import type { Channel, State } from './contract.ts'

/** What one customer agrees to, as a decision needs it. */
export interface Consents {
  /** The customer's version at the last change; 0 when nothing was ever recorded. */
  version: number
  /** Whether marketing may use the channel. App, web and branch need no consent, but an objection ends them too. */
  marketing: Readonly<Record<Channel, boolean>>
  /** Objected to profiling, or to marketing: then no offer may rest on a profile of the customer. */
  profilingObjected: boolean
  /** Payment data may be used to choose marketing. */
  paymentData: boolean
}

/** What a customer last said of each purpose and channel; null when never. */
export interface Current {
  version: number
  marketing: State | null
  email: State | null
  sms: State | null
  push: State | null
  call: State | null
  post: State | null
  profiling: State | null
  paymentData: State | null
  /** The day from which what was given here counts no longer: a minor comes of age. */
  endsOn: string | null
}

/** Of whom nothing is known. */
export const NEVER_SAID: Current = {
  version: 0,
  marketing: null,
  email: null,
  sms: null,
  push: null,
  call: null,
  post: null,
  profiling: null,
  paymentData: null,
  endsOn: null,
}

/**
 * What a customer's statements amount to on a business date. Fails closed: a channel that needs consent is shut unless
 * consent was given and nothing since ended it; what was given in childhood is over at eighteen (and, when no date is
 * named, at once). Post needs none, and stays open until the customer says otherwise.
 */
export function consentsOf(said: Current, on?: string): Consents {
  const over = said.endsOn !== null && (on === undefined || on >= said.endsOn)
  const given = (state: State | null) => state === 'given' && !over
  const refused = (state: State | null) => state !== null && state !== 'given'
  const open = !refused(said.marketing)
  return {
    version: said.version,
    marketing: {
      email: open && given(said.email),
      sms: open && given(said.sms),
      push: open && given(said.push),
      call: open && given(said.call),
      post: open && !refused(said.post),
      app: open,
      web: open,
      branch: open,
    },
    profilingObjected: !open || refused(said.profiling),
    paymentData: open && given(said.paymentData),
  }
}
