import { STANDINGS } from '#know/customers'
import type { Target } from './contract.ts'

/** What a target's field holds; 'customer' and 'holding' are our numbers, found by a lookup. */
export type Holds = 'text' | 'date' | 'instant' | 'integer' | 'money' | 'flag' | 'customer' | 'holding'

export interface TargetField {
  readonly name: string
  readonly holds: Holds
  readonly required?: boolean
  /** The values it may have. */
  readonly among?: readonly string[]
  /** Text of at most so many characters. */
  readonly charsMax?: number
}

export interface TargetSpec {
  readonly fields: readonly TargetField[]
  /** Rows whose text fields have no place of their own: 'detail_x' becomes details.x. */
  readonly details?: boolean
  /** Pairs of dates of which the second must not be earlier. */
  readonly ordered?: readonly (readonly [string, string])[]
  /** The date that must not be later than the as-of date, unless the mapping names another. */
  readonly cutOff?: string
}

const t = (name: string, more: Partial<TargetField> = {}): TargetField => ({
  name,
  holds: 'text',
  charsMax: 400,
  ...more,
})
const of = (holds: Holds, ...names: string[]): TargetField[] => names.map((name) => ({ name, holds }))

export const TRANSACTION_KINDS = [
  'salary',
  'pension',
  'benefit',
  'card',
  'transfer',
  'debit',
  'standing_order',
  'cash',
  'fee',
  'interest',
  'penalty_interest',
  'loan',
  'insurance',
  'refund',
  'saving',
  'investment',
  'tax',
  'other',
] as const

/** Payments of these categories tell faith, union, health or party: they get no category and no counterparty. */
export const SENSITIVE_CATEGORIES = ['faith', 'union', 'health', 'party'] as const

/** Kinds that the customer does, rather than has done to them: only they end dormancy. */
export const CUSTOMER_KINDS = ['card', 'transfer', 'cash', 'saving', 'investment'] as const

export const TARGET: Readonly<Record<Target, TargetSpec>> = {
  branch: { fields: [t('branch_code', { required: true }), t('name', { required: true }), t('region')], details: true },
  customer: {
    fields: [
      t('kind', { among: ['person', 'business'] }),
      t('stage', { among: ['prospect', 'customer', 'former'] }),
      ...['given_name', 'family_name', 'full_name'].map((name) => t(name)),
      { name: 'birth_on', holds: 'date' },
      t('sex', { among: ['female', 'male', 'other'] }),
      ...['email', 'phone', 'address_line', 'city', 'postcode', 'country', 'language'].map((name) => t(name)),
      t('household'),
      ...['branch_code', 'team_code', 'portfolio_code'].map((name) => t(name)),
      ...of('date', 'since_on', 'left_on'),
    ],
    ordered: [['since_on', 'left_on']],
  },
  holding: {
    fields: [
      { name: 'customer_id', holds: 'customer', required: true },
      t('product', { required: true }),
      t('number'),
      t('status', { among: ['pending', 'open', 'closed'] }),
      { name: 'opened_on', holds: 'date', required: true },
      { name: 'closed_on', holds: 'date' },
      t('currency', { required: true, charsMax: 3 }),
      ...of('money', 'balance_minor', 'limit_minor', 'instalment_minor'),
      ...of('date', 'balance_on', 'matures_on', 'arrears_since_on'),
      ...of('integer', 'rate_bp', 'term_months'),
    ],
    details: true,
    ordered: [['opened_on', 'closed_on']],
  },
  role: {
    fields: [
      { name: 'customer_id', holds: 'customer', required: true },
      { name: 'holding_id', holds: 'holding', required: true },
      t('role', {
        required: true,
        among: ['owner', 'user', 'guardian', 'attorney', 'executor', 'guarantor', 'director'],
      }),
      t('authority', { required: true, among: ['sole', 'either', 'both', 'limited', 'none'] }),
      { name: 'share_bp', holds: 'integer' },
      { name: 'from_on', holds: 'date', required: true },
      { name: 'to_on', holds: 'date' },
    ],
    ordered: [['from_on', 'to_on']],
  },
  standing: {
    fields: [
      { name: 'customer_id', holds: 'customer', required: true },
      t('standing', {
        required: true,
        // Being a minor follows from the date of birth; no feed says it.
        among: STANDINGS.filter((standing) => standing !== 'minor'),
      }),
      t('reason', { required: true }),
      { name: 'from_on', holds: 'date', required: true },
      { name: 'to_on', holds: 'date' },
    ],
    ordered: [['from_on', 'to_on']],
  },
  relation: {
    fields: [
      { name: 'customer_id', holds: 'customer', required: true },
      { name: 'other_customer_id', holds: 'customer', required: true },
      t('relation', {
        required: true,
        among: [
          'partner',
          'parent',
          'child',
          'guardian',
          'ward',
          'attorney',
          'principal',
          'director',
          'owner',
          'business',
          'relative',
        ],
      }),
      { name: 'from_on', holds: 'date', required: true },
      { name: 'to_on', holds: 'date' },
    ],
    ordered: [['from_on', 'to_on']],
  },
  transaction: {
    fields: [
      { name: 'holding_id', holds: 'holding', required: true },
      t('transaction_id', { required: true }),
      { name: 'booked_on', holds: 'date', required: true },
      { name: 'value_on', holds: 'date' },
      { name: 'occurred_at', holds: 'instant' },
      { name: 'amount_minor', holds: 'money', required: true },
      t('currency', { required: true, charsMax: 3 }),
      t('kind', { required: true, among: TRANSACTION_KINDS }),
      t('operation'),
      // The other side's account number: kept only as a key that says "the same again", never as a number.
      t('counterparty'),
      t('category'),
      { name: 'balance_after_minor', holds: 'money' },
      t('status', { among: ['booked', 'pending'] }),
      // The id of the booking this one takes back, and of the authorisation this one settles, on the same holding.
      t('reverses'),
      t('settles'),
      { name: 'own_transfer', holds: 'flag' },
      { name: 'customer_initiated', holds: 'flag' },
    ],
    cutOff: 'booked_on',
  },
  consent: {
    fields: [
      { name: 'customer_id', holds: 'customer', required: true },
      t('purpose', { required: true, among: ['marketing', 'profiling', 'payment_data'] }),
      t('channel', { among: ['all', 'email', 'sms', 'push', 'call', 'post'] }),
      t('state', { required: true, among: ['given', 'withdrawn', 'objected'] }),
      { name: 'at', holds: 'instant', required: true },
      t('evidence', { required: true }),
    ],
    cutOff: 'at',
  },
  event: {
    fields: [
      { name: 'customer_id', holds: 'customer', required: true },
      t('event_id', { required: true }),
      t('type', { required: true }),
      { name: 'occurred_at', holds: 'instant', required: true },
    ],
    details: true,
    cutOff: 'occurred_at',
  },
}

/** The field of the target with that name; undefined when it has none. 'detail_x' is a text where details are kept. */
export function targetField(target: Target, name: string): TargetField | undefined {
  const spec = TARGET[target]
  const found = spec.fields.find((field) => field.name === name)
  if (found) return found
  return spec.details && /^detail_[a-z0-9_]+$/.test(name) ? { name, holds: 'text', charsMax: 400 } : undefined
}
