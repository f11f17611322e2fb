import { createHash } from 'node:crypto'
import {
  type CompileError,
  compile,
  type Environment,
  environment,
  type FieldSpec,
  type Program,
  recordOf,
} from '#platform/expressions'
import type { Summary } from './buckets.ts'
import type { AttributeDocument, AttributeType, Fields } from './contract.ts'
import {
  EVENT_FIELDS,
  type Field,
  type FieldSet,
  HOLDING_FIELDS,
  jsonField,
  PERSON_FIELDS,
  TRANSACTION_FIELDS,
} from './fields.ts'

export type RowKind = 'holding' | 'transaction' | 'event'

/** An attribute over rows: which rows count, and how they are summarised. */
export interface RowSource {
  row: RowKind
  summary: Summary
  fields: FieldSet
  /** Declared fields of a JSON text: details of a holding, payload of an event. */
  json: NonNullable<Fields>
  jsonNames: readonly string[]
  of?: string
  where?: Program
  roles: readonly string[]
  /** Event types; empty for the other rows. */
  types: readonly string[]
}

/** One attribute, compiled. */
export interface Attribute {
  id: string
  document: AttributeDocument
  type: AttributeType
  /** What a rule sees when the value is absent. */
  default: unknown
  /** Never absent, so its presence needs no check. */
  always: boolean
  person?: string
  rows?: RowSource
  formula?: Program
  /** Ids of the attributes a formula reads. */
  reads: readonly string[]
}

/** All attributes of a playbook, those that others are computed from first. */
export interface Catalogue {
  /** Changes with any definition; values computed under another hash are not comparable. */
  hash: string
  attributes: readonly Attribute[]
  byId: ReadonlyMap<string, Attribute>
  /** Those computed over transactions and events: kept in the profile, in this order. */
  stored: readonly Attribute[]
  /** Those over holdings: read fresh. */
  ofHoldings: readonly Attribute[]
  /** The fields `customer.*` of any expression over customers, with their columns in the lake's profile table. */
  fields: Readonly<Record<string, FieldSpec>>
  plan: Plan
}

/** How the values of one customer are put together. */
export interface Plan {
  /** By attribute: where its value comes from. */
  of: readonly ({ from: 'person'; field: string } | { from: 'stored'; at: number } | { from: 'holdings' | 'formula' })[]
  /** Values in the order of the attributes as the record that rules read. */
  recordOf: (values: readonly unknown[]) => Record<string, unknown>
  /** In the order in which one may read another. */
  formulas: readonly { id: string; formula: Program }[]
}

/** What is wrong with one document, and where. */
export interface Flaw {
  id: string
  path: (string | number)[]
  found: string
  expected: string
  message: string
  at?: number
}

const ZERO: Record<AttributeType, unknown> = {
  int: 0,
  double: 0,
  bool: false,
  string: '',
  date: '1970-01-01',
  timestamp: '1970-01-01T00:00:00Z',
  'list<string>': [],
}

const ZERO_SQL: Record<AttributeType, string> = {
  int: 'toInt64(0)',
  double: 'toFloat64(0)',
  bool: 'false',
  string: "''",
  date: "toDate32('1970-01-01')",
  timestamp: "toDateTime64(0, 3, 'UTC')",
  'list<string>': '[]',
}

/** Compiles the attributes of a playbook. Those with flaws are left out of the catalogue. */
export function catalogueOf(
  documents: readonly AttributeDocument[],
  zone: string,
): { catalogue: Catalogue; flaws: Flaw[] } {
  const flaws: Flaw[] = []
  const sorted = [...documents].sort((a, b) => (a.id < b.id ? -1 : 1))
  const made = new Map<string, Attribute>()
  for (const document of sorted) {
    if ('formula' in document.source) continue
    const attribute = 'person' in document.source ? ofPerson(document, flaws) : ofRows(document, flaws)
    if (attribute) made.set(document.id, attribute)
  }
  addFormulas(sorted, zone, made, flaws)
  const attributes = [...made.values()]
  return { catalogue: assembled(attributes), flaws }
}

/** A document says the same whatever the order of its keys: a folder and a database give them differently. */
const inOrder = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

function assembled(attributes: readonly Attribute[]): Catalogue {
  // Titles and meanings may be reworded without computing anything again.
  const said = attributes.map(({ document: { id, type, default: d, source } }) => ({ id, type, default: d, source }))
  return {
    hash: createHash('sha256').update(JSON.stringify(said, inOrder)).digest('hex').slice(0, 32),
    attributes,
    byId: new Map(attributes.map((a) => [a.id, a])),
    stored: attributes.filter((a) => a.rows && a.rows.row !== 'holding'),
    ofHoldings: attributes.filter((a) => a.rows?.row === 'holding'),
    fields: fieldsOf(attributes),
    plan: planOf(attributes),
  }
}

function planOf(attributes: readonly Attribute[]): Plan {
  let stored = 0
  return {
    of: attributes.map(({ person, rows }) => {
      if (person !== undefined) return { from: 'person', field: person }
      if (!rows) return { from: 'formula' }
      return rows.row === 'holding' ? { from: 'holdings' } : { from: 'stored', at: stored++ }
    }),
    recordOf: recordOf(attributes.map(({ id }) => id)),
    formulas: attributes.flatMap(({ id, formula }) => (formula ? [{ id, formula }] : [])),
  }
}

const fieldsOf = (attributes: readonly Attribute[]): Record<string, FieldSpec> =>
  Object.fromEntries(
    attributes.map((a) => [
      a.id,
      {
        type: a.type,
        default: a.default,
        sql: `\`${a.id}\``,
        sqlHas: a.always ? '1' : `\`has_${a.id}\``,
        required: a.always,
      },
    ]),
  )

const base = (document: AttributeDocument) => ({
  id: document.id,
  document,
  type: document.type,
  default: document.default ?? ZERO[document.type],
  reads: [] as readonly string[],
})

function ofPerson(document: AttributeDocument, flaws: Flaw[]): Attribute | undefined {
  const name = (document.source as { person: string }).person
  const field = own(PERSON_FIELDS, name)
  if (!field) {
    flaws.push({
      id: document.id,
      path: ['source', 'person'],
      found: name,
      expected: Object.keys(PERSON_FIELDS).join(', '),
      message: `There is no field "${name}" of a person.`,
    })
    return undefined
  }
  if (!fits(document, field.type, flaws)) return undefined
  return { ...base(document), always: field.always === true, person: name }
}

type Rows = {
  aggregate: Summary['aggregate']
  of?: string
  where?: string
  windowDays?: number
  share?: 'whole' | 'by_share'
  fields?: Fields
  roles?: string[]
  types?: string[]
}

/** Which key of a document's source names its rows, the word its conditions use, and the columns they have. */
const ROWS = [
  { key: 'holding', row: 'holding', fields: HOLDING_FIELDS, json: 'h.details' },
  { key: 'transactions', row: 'transaction', fields: TRANSACTION_FIELDS, json: '' },
  { key: 'events', row: 'event', fields: EVENT_FIELDS, json: 'e.payload' },
] as const

function ofRows(document: AttributeDocument, flaws: Flaw[]): Attribute | undefined {
  const kind = ROWS.find(({ key }) => key in document.source)!
  const rows = (document.source as unknown as Record<string, Rows>)[kind.key]!
  const json = rows.fields ?? {}
  const fields: Record<string, Field> = { ...kind.fields }
  for (const [name, type] of Object.entries(json)) fields[name] ??= jsonField(kind.json, name, type)
  const flaw = (key: string, found: string, expected: string, message: string, at?: number) => {
    flaws.push({
      id: document.id,
      path: ['source', kind.key, key],
      found,
      expected,
      message,
      ...(at === undefined ? {} : { at }),
    })
    return undefined
  }
  const needsOf = !['count', 'any', 'first_date', 'last_date'].includes(rows.aggregate)
  const of = rows.of === undefined ? undefined : own(fields, rows.of)
  if (needsOf && rows.of === undefined)
    return flaw('of', 'nothing', 'a field', `"${rows.aggregate}" needs the field that it summarises: name it in "of".`)
  if (!needsOf && rows.of !== undefined)
    return flaw('of', rows.of, 'nothing', `"${rows.aggregate}" counts rows and takes no field: leave "of" out.`)
  if (needsOf && !of)
    return flaw('of', rows.of!, Object.keys(fields).join(', '), `There is no field "${rows.of}" of a ${kind.row}.`)
  if (rows.aggregate === 'sum' && of?.type !== 'int')
    return flaw('of', of?.type ?? '', 'an int', 'Only whole numbers are summed: sums of doubles depend on their order.')
  if (rows.aggregate === 'list' && of?.type !== 'string')
    return flaw('of', of?.type ?? '', 'a string', 'A list holds strings.')
  if (['min', 'max'].includes(rows.aggregate) && of?.type === 'bool')
    return flaw(
      'of',
      'bool',
      'a number, date or string',
      'Truth has no smallest or largest: use "any" with a condition.',
    )
  if (rows.share === 'by_share' && rows.aggregate !== 'sum')
    return flaw('share', 'by_share', 'whole', 'Only sums can be parted by share.')
  if (!fits(document, typeOf(rows.aggregate, of), flaws)) return undefined
  let where: Program | undefined
  if (rows.where !== undefined) {
    const compiled = compile(environment({ [kind.row]: { fields: specsOf(fields) } }), rows.where, 'bool')
    if (!compiled.ok) {
      for (const e of compiled.errors) flaw('where', e.found, e.expected, e.message, e.at)
      return undefined
    }
    where = compiled.program
  }
  const summary: Summary = { aggregate: rows.aggregate }
  if (rows.windowDays !== undefined) summary.windowDays = rows.windowDays
  if (rows.share === 'by_share') summary.byShare = true
  return {
    ...base(document),
    always: ['count', 'sum', 'any', 'distinct', 'list'].includes(rows.aggregate),
    rows: {
      row: kind.row,
      summary,
      fields,
      json,
      jsonNames: Object.keys(json),
      roles: rows.roles ?? ['owner'],
      types: rows.types ?? [],
      ...(rows.of === undefined ? {} : { of: rows.of }),
      ...(where ? { where } : {}),
    },
  }
}

const specsOf = (fields: FieldSet): Record<string, FieldSpec> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, f]) => [
      name,
      {
        type: f.type,
        default: ZERO[f.type],
        sql: f.always ? `(${f.sql})` : `ifNull(${f.sql}, ${ZERO_SQL[f.type]})`,
        sqlHas: f.always ? '1' : `isNotNull(${f.sql})`,
        required: f.always === true,
      },
    ]),
  )

function typeOf(aggregate: Summary['aggregate'], of: Field | undefined): AttributeType {
  if (aggregate === 'count' || aggregate === 'sum' || aggregate === 'distinct') return 'int'
  if (aggregate === 'any') return 'bool'
  if (aggregate === 'list') return 'list<string>'
  if (aggregate === 'first_date' || aggregate === 'last_date') return 'date'
  return of!.type
}

function fits(document: AttributeDocument, found: AttributeType, flaws: Flaw[]): boolean {
  if (document.type === found) return true
  flaws.push({
    id: document.id,
    path: ['type'],
    found: document.type,
    expected: found,
    message: `The source gives ${found}, so the attribute cannot be ${document.type}.`,
  })
  return false
}

/** Where formulas look: other attributes, and the day of asking as context.today. */
export const formulaEnvironment = (fields: Readonly<Record<string, FieldSpec>>, zone: string): Environment =>
  environment(
    {
      customer: { fields: { ...fields } },
      context: { fields: { today: { type: 'date', sql: '{asOf:Date32}', sqlHas: '1', required: true } } },
    },
    { zone },
  )

function addFormulas(
  documents: readonly AttributeDocument[],
  zone: string,
  made: Map<string, Attribute>,
  flaws: Flaw[],
): void {
  const formulas = documents.filter((d) => 'formula' in d.source)
  if (formulas.length === 0) return
  const declared = [...made.values(), ...formulas.map((d) => ({ ...base(d), always: false }))]
  const env = formulaEnvironment(fieldsOf(declared), zone)
  const waiting = new Map<string, Attribute>()
  for (const document of formulas) {
    const compiled = compile(env, (document.source as { formula: string }).formula, document.type)
    if (!compiled.ok) flaws.push(...compiled.errors.map((e) => formulaFlaw(document.id, e)))
    else
      waiting.set(document.id, {
        ...base(document),
        always: false,
        formula: compiled.program,
        reads: readsOf(compiled.program),
      })
  }
  // Each round adds the formulas whose attributes are all there; what is then left reads itself, or reads what is flawed.
  for (let added = true; added; ) {
    added = false
    for (const [id, attribute] of waiting) {
      if (!attribute.reads.every((read) => made.has(read))) continue
      made.set(id, attribute)
      waiting.delete(id)
      added = true
    }
  }
  for (const [id, { reads }] of waiting) {
    const missing = reads.filter((read) => !made.has(read))
    flaws.push({
      id,
      path: ['source', 'formula'],
      found: missing.join(', '),
      expected: 'attributes that are right and do not lead back here',
      message: `"${id}" cannot be computed: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} flawed or computed from it.`,
    })
  }
}

/** Ids of the attributes an expression over customers reads. */
export const readsOf = (program: Program): string[] =>
  program.reads.filter((r) => r.startsWith('customer.')).map((r) => r.slice('customer.'.length))

const formulaFlaw = (id: string, e: CompileError): Flaw => ({
  id,
  path: ['source', 'formula'],
  found: e.found,
  expected: e.expected,
  message: e.message,
  at: e.at,
})

const own = (fields: FieldSet, name: string): Field | undefined =>
  Object.hasOwn(fields, name) ? fields[name] : undefined
