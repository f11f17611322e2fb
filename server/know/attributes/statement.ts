import type { Attribute, Catalogue, RowKind, RowSource } from './catalogue.ts'
import type { AttributeType } from './contract.ts'

/**
 * The lake's statements that compute every attribute over everybody, the same definitions as the daily buckets. A table
 * of one generation holds for each attribute a column with its value (its default where absent) and, unless it is never
 * absent, a column `has_…`.
 */
export const LAKE_TYPE: Record<AttributeType, string> = {
  int: 'Int64',
  double: 'Float64',
  bool: 'Bool',
  string: 'LowCardinality(String)',
  date: 'Date32',
  timestamp: "DateTime64(3, 'UTC')",
  'list<string>': 'Array(LowCardinality(String))',
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`

/** A default as the lake writes it. */
export function literal(type: AttributeType, value: unknown): string {
  if (type === 'list<string>')
    return `CAST([${(value as string[]).map(quoted).join(', ')}], 'Array(LowCardinality(String))')`
  if (type === 'string') return quoted(String(value))
  if (type === 'bool') return value ? 'true' : 'false'
  if (type === 'int') return `toInt64(${value})`
  if (type === 'double') return `toFloat64(${value})`
  return type === 'date'
    ? `toDate32(${quoted(String(value))})`
    : `parseDateTime64BestEffort(${quoted(String(value))}, 3, 'UTC')`
}

/**
 * What lists of customers are ordered, sifted and bounded by, beside the attributes: the name as words are looked for in
 * it, and where the customer belongs. An attribute's id begins with a letter.
 */
export const LISTED: Readonly<
  Record<'_name' | '_branch' | '_team' | '_portfolio', { type: string; postgres: string }>
> = {
  _name: {
    type: 'String',
    postgres: `coalesce(c.full_name, nullif(concat_ws(' ', c.given_name, c.family_name), ''), '')`,
  },
  _branch: { type: 'LowCardinality(String)', postgres: `coalesce(c.branch_code, '')` },
  _team: { type: 'LowCardinality(String)', postgres: `coalesce(c.team_code, '')` },
  _portfolio: { type: 'LowCardinality(String)', postgres: `coalesce(c.portfolio_code, '')` },
}
const LISTED_NAMES = Object.keys(LISTED) as (keyof typeof LISTED)[]

/** A text of the lake without accents, case and apostrophes, as `fold` of #know/customers does it here. */
export const foldedSql = (text: string): string =>
  `replaceRegexpAll(translateUTF8(lowerUTF8(normalizeUTF8NFKD(${text})), 'łøđðþıœæßς', 'loddtioasσ'), '[\\\\x{0300}-\\\\x{036f}\\\\x{2019}\\']', '')`

export const columnsOf = (catalogue: Catalogue): string[] => [
  'customer_id',
  'version',
  ...LISTED_NAMES,
  ...catalogue.attributes.flatMap((a) => (a.always ? [`\`${a.id}\``] : [`\`${a.id}\``, `\`has_${a.id}\``])),
]

/** The table of one generation, ordered by customer. */
export const createProfile = (table: string, catalogue: Catalogue): string => `
create table ${table} (
  customer_id Int64,
  version Int64${LISTED_NAMES.map((name) => `,\n  ${name} ${LISTED[name].type}`).join('')}${catalogue.attributes
    .map((a) => `,\n  \`${a.id}\` ${LAKE_TYPE[a.type]}${a.always ? '' : `,\n  \`has_${a.id}\` Bool`}`)
    .join('')}
) engine = MergeTree order by customer_id`

const DAY: Record<RowKind, string> = {
  holding: "ifNull(h.opened_on, toDate32('1900-01-01'))",
  transaction: 't.booked_on',
  event: 'toDate32(toTimeZone(e.occurred_at, {zone:String}))',
}
const ORDER: Record<RowKind, string> = {
  holding: `(${DAY.holding}, toString(h.holding_id))`,
  transaction: '(t.booked_on, t.occurred_at, t.transaction_id)',
  event: `(${DAY.event}, e.occurred_at, toString(e.event_id))`,
}
const SHARE: Record<RowKind, string> = { holding: 'h.share_bp', transaction: 'o.share_bp', event: '10000' }
const ROLE: Record<RowKind, string> = { holding: 'h.role', transaction: 'o.role', event: '' }

/** One attribute as an aggregate function over its rows; NULL where the value is absent. */
export function aggregateSql(rows: RowSource): string {
  const { summary } = rows
  const day = DAY[rows.row]
  const conditions = [
    rows.row === 'event'
      ? `e.type in (${rows.types.map(quoted).join(', ')})`
      : `${ROLE[rows.row]} in (${rows.roles.map(quoted).join(', ')})`,
  ]
  if (summary.windowDays !== undefined) conditions.push(`${day} > {asOf:Date32} - ${summary.windowDays}`)
  // A row on which the condition fails is a row that does not count.
  if (rows.where) conditions.push(rows.where.sql().admits)
  const of = rows.of === undefined ? '' : rows.fields[rows.of]!.sql
  const when = conditions.join(' and ')
  const whenOf = `${when} and isNotNull(${of})`
  switch (summary.aggregate) {
    case 'count':
      return `toInt64(countIf(${when}))`
    case 'any':
      return `CAST(countIf(${when}) > 0, 'Bool')`
    case 'first_date':
      return `minOrNullIf(${day}, ${when})`
    case 'last_date':
      return `maxOrNullIf(${day}, ${when})`
    case 'sum':
      return summary.byShare
        ? `intDiv(sumIf(ifNull(${of}, 0) * toInt64(${SHARE[rows.row]}), ${whenOf}), 10000)`
        : `toInt64(sumIf(ifNull(${of}, 0), ${whenOf}))`
    case 'min':
    case 'max':
      return `${summary.aggregate}OrNullIf(assumeNotNull(${of}), ${whenOf})`
    case 'first':
    case 'last':
      return `${summary.aggregate === 'first' ? 'argMin' : 'argMax'}OrNullIf(assumeNotNull(${of}), ${ORDER[rows.row]}, ${whenOf})`
    case 'distinct':
      return `toInt64(uniqExactIf(assumeNotNull(${of}), ${whenOf}))`
    case 'list':
      return `arraySort(groupUniqArrayIf(assumeNotNull(${of}), ${whenOf}))`
  }
}

const ofKind = (catalogue: Catalogue, row: RowKind): Attribute[] =>
  catalogue.attributes.filter((a) => a.rows?.row === row)
const aggregates = (attributes: readonly Attribute[]): string =>
  attributes.map((a) => `,\n           ${aggregateSql(a.rows!)} as \`${a.id}\``).join('')
const union = (lists: readonly (readonly string[])[]): string =>
  [...new Set(lists.flat())].sort().map(quoted).join(', ')

/** The earliest day any attribute looks at, as a condition; '' when one looks at all of history. */
function since(attributes: readonly Attribute[], day: string): string {
  const windows = attributes.map((a) => a.rows!.summary.windowDays)
  return windows.includes(undefined) ? '' : `and ${day} > {asOf:Date32} - ${Math.max(...(windows as number[]))}`
}

const SLICE = 'between {first:Int64} and {last:Int64}'

function holdingRows(attributes: Attribute[], stage: string): string {
  return `
    select h.customer_id as customer_id${aggregates(attributes)}
      from ${stage} as h
     where h.customer_id ${SLICE}
     group by h.customer_id`
}

/**
 * Transactions of some holdings that count on a day: booked by then, neither taken back by then nor taking back, and not
 * the customer's own money moved between their own accounts. `holdings` is a subquery of their ids.
 */
export const countedTransactions = (holdings: string, also = ''): string => `
            select * from know.account_transaction final
             where holding_id in (${holdings}) and booked_on <= {asOf:Date32} ${also}
               and status = 'booked' and own_transfer = 0 and reverses = ''
               and (holding_id, transaction_id) not in (
                   select holding_id, reverses from know.account_transaction final
                    where holding_id in (${holdings}) and reverses != '' and booked_on <= {asOf:Date32})`

function transactionRows(attributes: Attribute[]): string {
  return `
    select o.customer_id as customer_id${aggregates(attributes)}
      from (${countedTransactions(`select holding_id from know.holding_of where customer_id ${SLICE}`, since(attributes, 'booked_on'))}) as t
      join (select * from know.holding_of where customer_id ${SLICE}
               and role in (${union(attributes.map((a) => a.rows!.roles))})) as o on o.holding_id = t.holding_id
     where t.booked_on between o.from_on and o.to_on
     group by o.customer_id`
}

function eventRows(attributes: Attribute[]): string {
  return `
    select e.party_id as customer_id, max(e.version) as version${aggregates(attributes)}
      from (
            select * from know.event final
             where party_id ${SLICE} and type in (${union(attributes.map((a) => a.rows!.types))})) as e
     where ${DAY.event} <= {asOf:Date32} ${since(attributes, DAY.event)}
     group by e.party_id`
}

/**
 * Fills a generation's table for the customers {first}..{last} as of {asOf}, in the bank's zone {zone}; `people` and
 * `holdings` are the tables staged from PostgreSQL for it.
 */
export function computeStatement(table: string, people: string, holdings: string, catalogue: Catalogue): string {
  const sources = [
    { alias: 'h', attributes: ofKind(catalogue, 'holding'), rows: (a: Attribute[]) => holdingRows(a, holdings) },
    { alias: 't', attributes: ofKind(catalogue, 'transaction'), rows: transactionRows },
    { alias: 'e', attributes: ofKind(catalogue, 'event'), rows: eventRows },
  ].filter(({ attributes }) => attributes.length > 0)
  const columns = catalogue.attributes.flatMap((a) => {
    if (a.formula) return []
    const alias =
      a.person === undefined ? (a.rows!.row === 'holding' ? 'h' : a.rows!.row === 'transaction' ? 't' : 'e') : 'p'
    const raw = `${alias}.\`${a.person ?? a.id}\``
    if (a.always) return [`CAST(${raw}, '${LAKE_TYPE[a.type]}') as \`${a.id}\``]
    return [
      `CAST(ifNull(${raw}, ${literal(a.type, a.default)}), '${LAKE_TYPE[a.type]}') as \`${a.id}\``,
      `CAST(isNotNull(${raw}), 'Bool') as \`has_${a.id}\``,
    ]
  })
  const version = sources.some((s) => s.alias === 'e') ? 'e.version' : 'toInt64(0)'
  let select = `
  select p.customer_id as customer_id, ${version} as version, ${foldedSql('p._name')} as _name, p._branch as _branch,
         p._team as _team, p._portfolio as _portfolio${columns.map((c) => `,\n         ${c}`).join('')}
    from (select * from ${people} where customer_id ${SLICE}) as p${sources
      .map(
        ({ alias, attributes, rows }) =>
          `\n    left join (${rows(attributes)}) as ${alias} on ${alias}.customer_id = p.customer_id`,
      )
      .join('')}`
  // Formulas stand on each other's shoulders: one level of nesting each, in the catalogue's order.
  for (const a of catalogue.attributes) {
    if (!a.formula) continue
    const { value, error } = a.formula.sql()
    select = `
  select *, CAST(if(${error}, ${literal(a.type, a.default)}, ${value}), '${LAKE_TYPE[a.type]}') as \`${a.id}\`, CAST(not (${error}), 'Bool') as \`has_${a.id}\`
    from (${select})`
  }
  return `insert into ${table} (${columnsOf(catalogue).join(', ')})
select ${columnsOf(catalogue).join(', ')} from (${select})
settings join_use_nulls = 0`
}

/** A stored value as JSON of the profile: null where absent. */
const storedJson = (a: Attribute): string => (a.always ? `\`${a.id}\`` : `if(\`has_${a.id}\`, \`${a.id}\`, NULL)`)

/**
 * The rows of know.profile as PostgreSQL's COPY reads them: customer, generation, version, as of, updated at, and the
 * stored values as a JSON array in the catalogue's order. Customers to whom nothing happened are left out: an absent row
 * reads the same.
 */
export function storedStatement(table: string, catalogue: Catalogue): string {
  const nothing = catalogue.stored.map((a) =>
    a.always ? (a.type === 'list<string>' ? `empty(\`${a.id}\`)` : `not \`${a.id}\``) : `not \`has_${a.id}\``,
  )
  return `
select customer_id, {generation:Int32}, version, {asOf:Date32}, {at:String},
       formatRowNoNewline('JSONCompactEachRow', ${catalogue.stored.map(storedJson).join(', ')})
  from ${table}
 where not (${nothing.join(' and ')})`
}
