import { recordOf } from '#platform/expressions'
import type { Catalogue } from './catalogue.ts'
import type { Living, Row } from './evaluate.ts'
import { type FieldSet, HOLDING_FIELDS, PERSON_FIELDS } from './fields.ts'

/** What every set of facts needs, whatever the playbook's attributes are. */
const ALWAYS_OF_PERSON = ['kind', 'stage', 'age_years', 'household_id', 'language']
const ALWAYS_OF_HOLDING = ['product', 'status', 'role', 'share_bp', 'opened_on', 'arrears_since_on']

/** The columns of persons and holdings that a catalogue reads, in a fixed order. */
export interface LiveColumns {
  person: readonly string[]
  holding: readonly string[]
  /** Whether any attribute reads a field of a holding's details. */
  details: boolean
  /** Those of a person that are lists, empty where the store has none. */
  lists: readonly string[]
  /** Values of `person` in its order, as a record. */
  personOf: (values: readonly unknown[]) => Record<string, unknown>
  /** A raw holding, its id followed by the values of `holding`, as a record of these. */
  holdingOf: (raw: readonly unknown[]) => Record<string, unknown>
}

export function liveColumns(catalogue: Catalogue): LiveColumns {
  const ofPerson = new Set(ALWAYS_OF_PERSON)
  const ofHolding = new Set(ALWAYS_OF_HOLDING)
  for (const { person: field, rows } of catalogue.attributes) {
    if (field !== undefined) ofPerson.add(field)
    if (rows?.row !== 'holding') continue
    if (rows.of !== undefined && Object.hasOwn(HOLDING_FIELDS, rows.of)) ofHolding.add(rows.of)
    for (const read of rows.where?.reads ?? []) {
      const name = read.slice('holding.'.length)
      if (Object.hasOwn(HOLDING_FIELDS, name)) ofHolding.add(name)
    }
  }
  const details = catalogue.ofHoldings.some((a) => Object.keys(a.rows!.json).length > 0)
  const person = [...ofPerson].sort()
  const holding = [...ofHolding].sort()
  return {
    person,
    holding,
    details,
    lists: person.filter((name) => PERSON_FIELDS[name]!.type === 'list<string>'),
    personOf: recordOf(person),
    holdingOf: recordOf(holding, 1),
  }
}

/** PostgreSQL's text of a field on a day; `today` is an SQL expression of type date. */
export const onDay = (fields: FieldSet, name: string, today: string): string =>
  fields[name]!.postgres!.replaceAll(':today', today)

/** A role's holding is seen from the role's first day to its last, once the holding is open or applied for. */
export const seenOn = (today: string): string =>
  `r.from_on <= ${today} and (r.to_on is null or r.to_on >= ${today}) and (h.opened_on is null or h.opened_on <= ${today})`

/**
 * The statement that reads people by key with all that is live about them and their stored values. The list of customers
 * stands in a subquery so that the planner cannot see how short it is: it would plan every call anew, at four times the
 * cost of the reading itself.
 * $1 bigint[] of customers, $2 today, $3 hash of the attributes, $4 the day back to which ended standings are listed.
 */
export function livingStatement(columns: LiveColumns): string {
  const today = '$2::date'
  const person = columns.person.map((name) => `${onDay(PERSON_FIELDS, name, today)} as "${name}"`).join(',\n       ')
  return `
select c.customer_id as "customerId",
       ${person},
       (select ${holdingRow(columns, today)}
          from know.holding_role r
          join know.holding h on h.customer_id = r.holder_customer_id and h.holding_id = r.holding_id
         where r.customer_id = c.customer_id and ${seenOn(today)}) as "rawHoldings",
       (select ${STANDING_ROW}
          from know.standing s
         where s.customer_id = c.customer_id and s.from_on <= ${today} and (s.to_on is null or s.to_on >= $4::date)) as "rawStandings",
       p.facts as stored, p.version as "profileVersion", g.as_of as "asOf", g.generation
  from know.customer c
  left join know.profile_set g on g.attributes_hash = $3 and g.current
  left join know.profile p on p.customer_id = c.customer_id and p.generation = g.generation
 where c.customer_id = any((select $1::bigint[])::bigint[])`
}

/** A customer's holdings, and standings, as one value. */
const holdingRow = (columns: LiveColumns, today: string): string => {
  const holding = columns.holding.map((name) => onDay(HOLDING_FIELDS, name, today))
  if (columns.details) holding.push('h.details')
  return `json_agg(json_build_array(h.holding_id, ${holding.join(', ')}) order by h.holding_id, r.role)`
}
const STANDING_ROW =
  'json_agg(json_build_array(s.standing, s.effect, s.from_on, s.to_on) order by s.from_on, s.standing)'

/**
 * The statement that reads the same from what was put ready for the day. Left out, so that they are read with the
 * living statement: who came or changed since, and everybody on another day.
 * $1 bigint[] of customers, $2 today, $3 hash of the attributes.
 */
export const READY_STATEMENT = `
select l.customer_id as "customerId", l.facts as ready, p.facts as stored, p.version as "profileVersion",
       g.as_of as "asOf", g.generation
  from know.profile_set g
  join know.living l on l.generation = g.generation
  left join know.profile p on p.customer_id = l.customer_id and p.generation = g.generation
 where g.attributes_hash = $3 and g.current and g.living_on = $2::date
   and l.customer_id = any((select $1::bigint[])::bigint[])
   and not exists (select from know.living_change x
                    where x.customer_id = l.customer_id and not pg_visible_in_snapshot(x.xact, g.living_snapshot))
   and not exists (select from know.living_change x
                    where x.customer_id = 0 and not pg_visible_in_snapshot(x.xact, g.living_snapshot))`

/** A row of the ready statement. */
export type ReadyRow = Pick<LivingRow, 'customerId' | 'stored' | 'profileVersion' | 'asOf' | 'generation'> & {
  ready: [person: unknown[], holdings: LivingRow['rawHoldings'], standings: LivingRow['rawStandings']]
}

/**
 * What is put ready: customer and facts of everybody on a day, in one reading of the tables. `today` and `since` are
 * SQL expressions of type date.
 */
export function readySelect(columns: LiveColumns, today: string, since: string): string {
  const person = columns.person.map((name) => onDay(PERSON_FIELDS, name, today))
  return `
select c.customer_id, json_build_array(json_build_array(${person.join(', ')}), h.holdings, s.standings) as facts
  from know.customer c
  left join (select r.customer_id, ${holdingRow(columns, today)} as holdings
               from know.holding_role r
               join know.holding h on h.customer_id = r.holder_customer_id and h.holding_id = r.holding_id
              where ${seenOn(today)}
              group by r.customer_id) h on h.customer_id = c.customer_id
  left join (select s.customer_id, ${STANDING_ROW} as standings
               from know.standing s
              where s.from_on <= ${today} and (s.to_on is null or s.to_on >= ${since})
              group by s.customer_id) s on s.customer_id = c.customer_id`
}

/** A row of the living statement. */
export interface LivingRow {
  customerId: number
  rawHoldings: unknown[][] | null
  rawStandings: [standing: string, effect: string, fromOn: string, toOn: string | null][] | null
  stored: unknown[] | null
  profileVersion: number | null
  asOf: string | null
  generation: number | null
  [personField: string]: unknown
}

/** What a row of the living statement says of a person and their holdings, as attributes see them. */
export const livingOf = (columns: LiveColumns, row: LivingRow): Living =>
  made(
    columns,
    columns.person.map((name) => row[name]),
    row.rawHoldings,
  )

/** The same of a row of the ready statement. */
export const livingOfReady = (columns: LiveColumns, { ready: [person, holdings] }: ReadyRow): Living =>
  made(columns, person, holdings)

function made(columns: LiveColumns, values: readonly unknown[], raw: LivingRow['rawHoldings']): Living {
  const person = columns.personOf(values)
  for (const name of columns.lists) person[name] ??= []
  const holdings: Row[] = []
  if (raw)
    for (const one of raw) {
      const facts = columns.holdingOf(one)
      const row: Row = {
        date: (facts.opened_on as string | null) ?? '1900-01-01',
        atMs: 0,
        id: String(one[0]),
        facts,
        shareBp: facts.share_bp as number,
      }
      if (columns.details) row.json = one[columns.holding.length + 1] as Record<string, unknown>
      holdings.push(row)
    }
  return { person, holdings }
}
