/** What the bank's pages know of Clientele: one script, `/sdk/clientele.js`, which sets `window.Clientele`. */

/** What a customer does with something that was shown. */
export type Answer = 'click' | 'accept' | 'refuse' | 'not_now' | 'never'

export type Choice = 'email' | 'sms' | 'push' | 'call' | 'post' | 'marketing' | 'profiling' | 'payment_data'

/** What went wrong, once nothing more is tried: the code is the server's, or one of `offline`, `no_token`. */
export interface ClienteleError {
  code: string
  message: string
  /** HTTP status; 0 when there was no answer. */
  status: number
}

export interface Token {
  token: string
}

export interface Options {
  /** Where Clientele answers, e.g. 'https://clientele.bank.example'. */
  url: string
  /** A token of the customer who has signed in; good for a page that lives shorter than the token. */
  token?: string
  /** Asks the bank's own server for a new token; called before the first question and whenever one runs out. */
  getToken?: () => Promise<string | Token>
  /** Told of everything that failed for good. Without it the console says it. */
  onError?: (error: ClienteleError) => void
  /** ISO 639-1; by default the customer's own language. */
  language?: string
  /** Origins that links and images may lead to, beside the page's own; https only. */
  origins?: readonly string[]
  /** Words of the buttons and thanks, where the bank wants its own. */
  labels?: Partial<Labels>
}

export interface Labels {
  accept: string
  not_now: string
  refuse: string
  /** Said in place of the buttons after an answer. */
  accepted: string
  answered: string
  kept: string
  others: string
  ended: string
}

export interface Offer {
  id: string
  product: string
  currency: string
  rateBp?: number
  aprBp?: number
  feeMinor?: number
  amountMinor?: number
  termMonths?: number
  instalmentMinor?: number
  totalMinor?: number
  bonusMinor?: number
  expiresOn: string
}

/** What became of an answer. `kept`: there was no connection, it is sent as soon as there is. */
export interface Said {
  sent: boolean
  kept: boolean
  /** 'accepted', 'refused', 'deferred', … once sent. */
  state?: string
  /** An acceptance that counts when those who must sign too have agreed. */
  awaiting?: 'other_holders' | null
  error?: ClienteleError
  /** Of what is kept: what became of it, once it is known. */
  later?: Promise<Said>
}

/** What a card's event `clientele:answer` carries; it bubbles to the element that was given to `placement`. */
export interface Answered extends Said {
  answer: Exclude<Answer, 'click'>
  action: string
  contactId: string
}

/** One thing to show. All of it is text; a page that shows it by itself must never make markup of it. */
export interface Content {
  readonly contactId: string
  /** What the bank's people look up when the customer asks why. */
  readonly decisionId: string
  readonly action: string
  readonly class: 'regulatory' | 'service' | 'care' | 'marketing'
  readonly language: string
  readonly subject: string | null
  readonly text: string
  readonly offer: Offer | null
  readonly link: { readonly href: string; readonly label: string } | null
  readonly image: { readonly src: string; readonly alt: string } | null
  /** Watches the element that shows it: half of it for a second on a visible page is an impression. */
  watch(element: Element): void
  answer(answer: Answer, reason?: string): Promise<Said>
}

export interface Placement {
  /** Asks again and shows what there is now. */
  refresh(): Promise<void>
  /** Takes it off the page and watches no more. */
  stop(): void
}

export interface Consents {
  marketing: Record<'email' | 'sms' | 'push' | 'call' | 'post', boolean>
  /** Whether the customer wants no marketing at all. */
  objected: boolean
  profiling: boolean
  paymentData: boolean
}

/** A plan has a date; a need is something the customer would like to hear about. Topics are the bank's codes. */
export type Told = { plan: string; byOn: string } | { need: string }

/** What one holder of an account agreed to and others must sign too. */
export interface Agreement {
  contactId: string
  title: string
  offer: Offer | null
  /** The last day on which it can be agreed to. */
  expiresOn: string | null
  /** The other holders who have agreed, and those who have not, by name. */
  agreed: readonly (string | null)[]
  awaited: readonly (string | null)[]
  /** Whether it waits for the customer who has signed in. */
  awaitsMe: boolean
}

export interface Clientele {
  /** Asks what to show at a placement, and shows it in the element, or hands it over. */
  placement(
    name: string,
    where: Element | ((contents: readonly Content[]) => void),
    more?: { reason?: string },
  ): Placement
  /** Tells the bank of a plan or a need; kept and sent later when there is no connection. */
  tell(told: Told): Promise<Said>
  /** What the customer agrees to. */
  consents(): Promise<Consents>
  /** Says yes or no to one use. It holds when the promise is kept; never queued. */
  agree(choice: Choice, agreed: boolean, textVersion?: string): Promise<Consents>
  /** What waits for this customer's signature, or for that of who signs with them. */
  agreements(): Promise<readonly Agreement[]>
  /** Agrees to what another holder began, or refuses it for both. It holds when the promise is kept; never queued. */
  sign(contactId: string, answer: 'accept' | 'refuse'): Promise<Said>
  /** How many things wait to be sent. */
  waiting(): number
  /** Ends it: nothing is watched, asked or sent any more; what waits is kept for this customer. */
  stop(): void
}

export declare function start(options: Options): Clientele

declare global {
  interface Window {
    Clientele: { start: typeof start }
  }
}
