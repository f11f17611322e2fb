import type { AttributeType, Fields } from './contract.ts'

/**
 * The columns that attributes may be made of. `sql` is the value in the lake, over the row aliases of the computing
 * statement: p a person, h a holding, t a transaction with o its holder, e an event. NULL is absent. What is so of a
 * person or a holding on a day is worked out in one place, by PostgreSQL (`postgres`, over c, h and r, with :today), and
 * is a plain column of that name in the lake.
 */
export interface Field {
  type: AttributeType
  sql: string
  postgres?: string
  /** Never absent. */
  always?: boolean
}
export type FieldSet = Readonly<Record<string, Field>>

const int = (sql: string, always = false): Field => ({ type: 'int', sql, always })
const string = (sql: string, always = false): Field => ({ type: 'string', sql, always })
const bool = (sql: string): Field => ({ type: 'bool', sql, always: true })
const date = (sql: string, always = false): Field => ({ type: 'date', sql, always })

/** Full years since a date; a birthday on 29 February is kept on 1 March in other years. */
const years = (from: string): string =>
  `(extract(year from :today) - extract(year from ${from}) - (to_char(:today, 'MMDD') < to_char(${from}, 'MMDD'))::int)::int`
/** The lake's dates reach from 1900 to 2299. */
const storable = (column: string): string =>
  `case when ${column} between date '1900-01-01' and date '2299-12-31' then ${column} end`

const columns = (alias: string, fields: Record<string, [AttributeType, string, 'always'?]>): FieldSet =>
  Object.fromEntries(
    Object.entries(fields).map(([name, [type, postgres, always]]) => [
      name,
      { type, sql: `${alias}.${name}`, postgres, always: always !== undefined },
    ]),
  )

/** What is so of a person on a day; what is dated later is not seen. */
export const PERSON_FIELDS: FieldSet = columns('p', {
  kind: ['string', 'c.kind', 'always'],
  stage: [
    'string',
    `case when c.since_on > :today then 'prospect' when c.stage = 'former' and c.left_on > :today then 'customer' else c.stage end`,
    'always',
  ],
  age_years: ['int', `case when c.birth_on <= :today then ${years('c.birth_on')} end`],
  birth_on: ['date', storable('c.birth_on')],
  since_on: ['date', `case when c.since_on <= :today then ${storable('c.since_on')} end`],
  left_on: ['date', `case when c.left_on <= :today then ${storable('c.left_on')} end`],
  tenure_days: ['int', 'case when c.since_on <= :today then :today - c.since_on end'],
  tenure_years: ['int', `case when c.since_on <= :today then ${years('c.since_on')} end`],
  given_name: ['string', 'c.given_name'],
  language: ['string', 'c.language'],
  sex: ['string', 'c.sex'],
  country: ['string', 'c.country'],
  city: ['string', 'c.city'],
  postcode: ['string', 'c.postcode'],
  branch_code: ['string', 'c.branch_code'],
  team_code: ['string', 'c.team_code'],
  portfolio_code: ['string', 'c.portfolio_code'],
  household_id: ['int', 'c.household_id'],
  has_email: ['bool', 'c.email is not null', 'always'],
  has_phone: ['bool', 'c.phone is not null', 'always'],
  standings: [
    'list<string>',
    // A crime block is nobody's attribute: rules and their explanations must not be able to show it.
    `(select array_agg(distinct s.standing order by s.standing) from know.standing s where s.customer_id = c.customer_id and s.standing <> 'crime_block' and s.from_on <= :today and (s.to_on is null or s.to_on >= :today))`,
    'always',
  ],
  relations: [
    'list<string>',
    `(select array_agg(distinct r.relation order by r.relation) from know.relation r where r.customer_id = c.customer_id and r.from_on <= :today and (r.to_on is null or r.to_on >= :today))`,
    'always',
  ],
})

/**
 * A holding as one of its people sees it on a day. What is dated later than the day is not seen: not the holding, not
 * its end, not its balance.
 */
export const HOLDING_FIELDS: FieldSet = columns('h', {
  product: ['string', 'h.product', 'always'],
  status: [
    'string',
    `case when h.closed_on > :today then 'open' when h.status = 'pending' then 'pending' when h.closed_on <= :today or h.status = 'closed' then 'closed' else 'open' end`,
    'always',
  ],
  role: ['string', 'r.role', 'always'],
  authority: ['string', 'r.authority', 'always'],
  share_bp: ['int', 'r.share_bp', 'always'],
  opened_on: ['date', storable('h.opened_on')],
  closed_on: ['date', `case when h.closed_on <= :today then ${storable('h.closed_on')} end`],
  matures_on: ['date', storable('h.matures_on')],
  arrears_since_on: ['date', `case when h.arrears_since_on <= :today then ${storable('h.arrears_since_on')} end`],
  /** Days past due today: 1 on the day after the instalment was. */
  days_in_arrears: ['int', 'case when h.arrears_since_on <= :today then :today - h.arrears_since_on end'],
  currency: ['string', 'h.currency', 'always'],
  balance_minor: ['int', 'case when h.balance_on is null or h.balance_on <= :today then h.balance_minor end'],
  limit_minor: ['int', 'h.limit_minor'],
  rate_bp: ['int', 'h.rate_bp'],
  term_months: ['int', 'h.term_months'],
  instalment_minor: ['int', 'h.instalment_minor'],
  days_open: ['int', ':today - h.opened_on'],
  days_to_maturity: ['int', 'h.matures_on - :today'],
})

/** A booked transaction, in the customer's view: money in positive, money out negative. */
export const TRANSACTION_FIELDS: FieldSet = {
  amount_minor: int('t.amount_minor', true),
  currency: string('t.currency', true),
  kind: string('t.kind', true),
  operation: string('t.operation', true),
  category: string('t.category', true),
  counterparty_key: string('t.counterparty_key', true),
  balance_after_minor: int('t.balance_after_minor'),
  customer_initiated: bool('t.customer_initiated = 1'),
  booked_on: date('t.booked_on', true),
  value_on: date('t.value_on', true),
  product: string('o.product', true),
  role: string('o.role', true),
  share_bp: int('toInt64(o.share_bp)', true),
}

/** What every event has besides its payload. */
export const EVENT_FIELDS: FieldSet = {
  type: string('e.type', true),
  source: string('e.source', true),
  occurred_on: date('toDate32(toTimeZone(e.occurred_at, {zone:String}))', true),
}

/**
 * A field of a JSON text, by its type: a value of another type is absent, and so is an int beyond ±2⁵³ or a date that is
 * none. The name is an id ([a-z0-9_]), so it can stand in the statement.
 */
export function jsonField(json: string, name: string, type: NonNullable<Fields>[string]): Field {
  const kind = `JSONType(${json}, '${name}')`
  const sql = {
    int: `if(${kind} in ('Int64', 'UInt64') and abs(JSONExtractFloat(${json}, '${name}')) <= 9007199254740991, JSONExtractInt(${json}, '${name}'), NULL)`,
    double: `if(${kind} in ('Int64', 'UInt64', 'Double'), JSONExtractFloat(${json}, '${name}'), NULL)`,
    bool: `if(${kind} = 'Bool', JSONExtractBool(${json}, '${name}'), NULL)`,
    string: `if(${kind} = 'String', JSONExtractString(${json}, '${name}'), NULL)`,
    date: `if(${kind} = 'String' and toString(toDate32OrNull(JSONExtractString(${json}, '${name}'))) = JSONExtractString(${json}, '${name}'), toDate32OrNull(JSONExtractString(${json}, '${name}')), NULL)`,
  }[type]
  return { type, sql }
}

/** The same reading of a parsed JSON object. */
export function readJsonField(json: Record<string, unknown>, name: string, type: NonNullable<Fields>[string]): unknown {
  const value = Object.hasOwn(json, name) ? json[name] : undefined
  if (type === 'int') return Number.isSafeInteger(value) ? value : null
  if (type === 'double') return typeof value === 'number' && Number.isFinite(value) ? value : null
  if (type === 'bool') return typeof value === 'boolean' ? value : null
  if (type === 'string') return typeof value === 'string' ? value : null
  return typeof value === 'string' && isDate(value) ? value : null
}

/** Whether the text is a day 'YYYY-MM-DD' of the calendar, 1900 to 2299, which both stores can hold. */
export function isDate(text: string): boolean {
  if (!/^(19|2[0-2])\d\d-\d\d-\d\d$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
