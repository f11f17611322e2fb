/**
 * One holding's entries of one month, kept as columns: the generator makes tens of millions of them, and an object for
 * each would cost more than everything else together.
 */
export const ENTRIES_MAX = 400

/** What an entry is: as the core banking file says it. `initiated`: an act of the customer. */
export interface Label {
  kind: string
  operation: string
  category: string
  own: 0 | 1
  initiated: 0 | 1
}

const label = (kind: string, operation: string, category: string, own: 0 | 1, initiated: 0 | 1): Label => ({
  kind,
  operation,
  category,
  own,
  initiated,
})

/** Purchases come first: their place in the list is their category's place in `PURCHASES`. */
export const LABELS = [
  label('card', 'purchase', 'groceries', 0, 1),
  label('card', 'purchase', 'restaurants', 0, 1),
  label('card', 'purchase', 'fuel', 0, 1),
  label('card', 'purchase', 'clothing', 0, 1),
  label('card', 'purchase', 'pharmacy', 0, 1),
  label('card', 'purchase', 'online', 0, 1),
  label('card', 'purchase', 'transport', 0, 1),
  label('card', 'purchase', 'home', 0, 1),
  label('card', 'purchase', 'leisure', 0, 1),
  label('card', 'purchase', 'other', 0, 1),
  label('card', 'purchase', 'travel', 0, 1), // 10
  label('card', 'purchase', 'flights', 0, 1),
  label('refund', 'card_refund', 'online', 0, 0),
  label('cash', 'withdrawal', 'cash', 0, 1),
  label('salary', 'credit_transfer', 'salary', 0, 0),
  label('salary', 'credit_transfer', 'thirteenth_salary', 0, 0), // 15
  label('salary', 'credit_transfer', 'bonus', 0, 0),
  label('pension', 'credit_transfer', 'pension', 0, 0),
  label('benefit', 'credit_transfer', 'family_benefit', 0, 0),
  label('benefit', 'credit_transfer', 'unemployment_benefit', 0, 0),
  label('benefit', 'credit_transfer', 'parental_allowance', 0, 0), // 20
  label('benefit', 'credit_transfer', 'student_grant', 0, 0),
  label('transfer', 'credit_transfer', 'from_person', 0, 0),
  label('transfer', 'credit_transfer', 'inheritance', 0, 0),
  label('transfer', 'order', 'to_person', 0, 1),
  label('transfer', 'order', 'rent', 0, 1), // 25
  label('transfer', 'order', 'car', 0, 1),
  label('transfer', 'order', 'odd_payee', 0, 1),
  label('saving', 'order', 'own_savings', 0, 1),
  label('saving', 'credit_transfer', 'own_savings', 0, 0),
  label('transfer', 'order', 'own_account_elsewhere', 1, 1), // 30
  label('transfer', 'credit_transfer', 'own_account_elsewhere', 1, 0),
  label('investment', 'standing_order', 'own_investment', 0, 0),
  label('transfer', 'card_settlement', 'own_card', 1, 0),
  label('transfer', 'closing', 'account_closed', 1, 0),
  label('debit', 'direct_debit', 'electricity', 0, 0), // 35
  label('debit', 'direct_debit', 'telecom', 0, 0),
  label('debit', 'direct_debit', 'insurance', 0, 0),
  label('debit', 'direct_debit', 'subscription', 0, 0),
  label('debit', 'direct_debit', 'fitness', 0, 0),
  label('debit', 'direct_debit', 'faith', 0, 0), // 40
  label('debit', 'direct_debit', 'union', 0, 0),
  label('debit', 'direct_debit', 'party', 0, 0),
  label('debit', 'direct_debit', 'health', 0, 0),
  label('debit', 'direct_debit', 'property', 0, 0),
  label('debit', 'return', 'returned_debit', 0, 0), // 45
  label('loan', 'instalment', 'instalment', 0, 0),
  label('loan', 'disbursement', 'disbursement', 0, 0),
  label('interest', 'interest', 'credit_interest', 0, 0),
  label('interest', 'interest', 'debit_interest', 0, 0),
  label('fee', 'fee', 'account_fee', 0, 0), // 50
  label('fee', 'fee', 'card_fee', 0, 0),
  label('transfer', 'credit_transfer', 'sales', 0, 0),
  label('transfer', 'order', 'suppliers', 0, 1),
  label('tax', 'direct_debit', 'tax', 0, 0),
  label('transfer', 'order', 'owner_drawings', 0, 1), // 55
  label('transfer', 'credit_transfer', 'owner_deposit', 0, 0),
  label('transfer', 'credit_transfer', 'loyalty_bonus', 0, 0),
  label('transfer', 'standing_order', 'own_account_elsewhere', 1, 0),
  label('interest', 'interest', 'loan_interest', 0, 0),
  label('interest', 'interest', 'card_interest', 0, 0),
] as const

/** The place of a label by its category, operation and direction; throws for one that does not exist. */
export function labelOf(category: string, operation?: string): number {
  const at = LABELS.findIndex(
    (one) => one.category === category && (operation === undefined || one.operation === operation),
  )
  if (at < 0) throw new RangeError(`there is no entry of category ${category}${operation ? ` by ${operation}` : ''}`)
  return at
}

/** Foreign currencies people pay in: minor units are 10^exponent (yen has none, the Kuwaiti dinar three). */
export const CURRENCIES = [
  { code: '', exponent: 2, perEuro: 1 },
  { code: 'CHF', exponent: 2, perEuro: 0.94 },
  { code: 'GBP', exponent: 2, perEuro: 0.85 },
  { code: 'USD', exponent: 2, perEuro: 1.09 },
  { code: 'CZK', exponent: 2, perEuro: 25.1 },
  { code: 'JPY', exponent: 0, perEuro: 161 },
  { code: 'KWD', exponent: 3, perEuro: 0.335 },
] as const

export interface Entries {
  count: number
  readonly day: Int32Array
  readonly minute: Int16Array
  readonly cents: Float64Array
  readonly label: Uint8Array
  /** The other side: a merchant, employer or payee below 1e8; one of the bank's own holdings above it. */
  readonly payee: Int32Array
  /** Days between the purchase and its booking. */
  readonly lag: Uint8Array
  readonly currency: Uint8Array
  readonly original: Float64Array
  /** The place in this list of the entry that this one reverses, or −1. */
  readonly reverses: Int16Array
}

export const entries = (): Entries => ({
  count: 0,
  day: new Int32Array(ENTRIES_MAX),
  minute: new Int16Array(ENTRIES_MAX),
  cents: new Float64Array(ENTRIES_MAX),
  label: new Uint8Array(ENTRIES_MAX),
  payee: new Int32Array(ENTRIES_MAX),
  lag: new Uint8Array(ENTRIES_MAX),
  currency: new Uint8Array(ENTRIES_MAX),
  original: new Float64Array(ENTRIES_MAX),
  reverses: new Int16Array(ENTRIES_MAX),
})

/** Adds an entry in euro, in the customer's view; returns its place. Entries of nothing are left out (−1). */
export function enter(to: Entries, day: number, minute: number, cents: number, what: number, payee: number): number {
  if (cents === 0) return -1
  const at = to.count
  if (at >= ENTRIES_MAX) throw new RangeError(`a holding has more than ${ENTRIES_MAX} entries in a month`)
  to.count = at + 1
  to.day[at] = day
  to.minute[at] = minute
  to.cents[at] = cents
  to.label[at] = what
  to.payee[at] = payee
  to.lag[at] = 0
  to.currency[at] = 0
  to.reverses[at] = -1
  return at
}

/** What the entries add up to. */
export function sumOf(list: Entries): number {
  let sum = 0
  for (let at = 0; at < list.count; at++) sum += list.cents[at]!
  return sum
}

const keys = new Float64Array(ENTRIES_MAX)

/** The places of the entries in booking order (a day's in order of time), written into `order`. */
export function inOrder(list: Entries, order: Int16Array): void {
  for (let at = 0; at < list.count; at++) {
    const key = list.day[at]! * 2048 + list.minute[at]!
    let back = at - 1
    while (back >= 0 && keys[back]! > key) {
      keys[back + 1] = keys[back]!
      order[back + 1] = order[back]!
      back--
    }
    keys[back + 1] = key
    order[back + 1] = at
  }
}
