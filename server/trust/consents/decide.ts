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
}

/**
 * What a customer's statements amount to. Fails closed: a channel that needs consent is shut unless consent was given
 * and nothing since ended it. Post needs none, and stays open until the customer says otherwise.
 */
export function consentsOf(said: Current): Consents {
  const objected = said.marketing !== null && said.marketing !== 'given'
  const open = !objected
  return {
    version: said.version,
    marketing: {
      email: open && said.email === 'given',
      sms: open && said.sms === 'given',
      push: open && said.push === 'given',
      call: open && said.call === 'given',
      post: open && (said.post === null || said.post === 'given'),
      app: open,
      web: open,
      branch: open,
    },
    profilingObjected: objected || (said.profiling !== null && said.profiling !== 'given'),
    paymentData: open && said.paymentData === 'given',
  }
}
